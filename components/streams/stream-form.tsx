"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { Controller, type UseFormReturn, useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import type { StreamRow } from "@/components/feeds/streams";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input, Textarea } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch-field";
import { type SinkField, sinkFields, sinkKinds } from "@/lib/vocabulary/audit-sink";
import type { StreamActions } from "./stream-actions";
import { StreamFields, settingsOf, startOf } from "./stream-fields";
import { sinkLabels } from "./stream-state";
import { streamsOptions } from "./streams-query";

interface Props {
  /** A known receiver, to be changed. */
  stream?: StreamRow;
  actions: Pick<StreamActions, "add" | "change">;
  onClose: () => void;
}

/** A receiver's settings. It is tried out with a batch that holds no event before anything is stored. */
export function StreamForm({ stream, actions, onClose }: Props) {
  const form = useForm<StreamFields>({ resolver: zodResolver(StreamFields), defaultValues: startOf(stream) });
  const { errors } = form.formState;
  const queries = useQueryClient();
  const kind = useWatch({ control: form.control, name: "kind" });
  const save = async (typed: StreamFields & { force: boolean }) => {
    const { name, backlogLimit, refuseFetchesWhenFull, from, force } = typed;
    const same = { name, backlogLimit: Number(backlogLimit), refuseFetchesWhenFull, force };
    const settings = settingsOf(typed, stream !== undefined);
    return stream
      ? actions.change({ id: stream.id, expectedVersion: stream.version, ...same, settings })
      : actions.add({ ...same, settings, from });
  };
  const { run, busy, error } = useAction(save, {
    onDone: ({ name }) => {
      toast.success(stream ? `“${name}” is saved` : `The audit log goes to “${name}” from now on`);
      onClose();
      return queries.invalidateQueries(streamsOptions());
    },
    onRefused: (refused) => applyProblems(form, refused, fieldOf),
  });
  const submit = (force: boolean) => form.handleSubmit((typed) => run({ ...typed, force }));
  return (
    <Form onSubmit={(event) => void submit(false)(event)}>
      {error && (
        <RefusalCallout
          error={error}
          actions={
            error.code === "external_failure" && (
              <Button busy={busy} onClick={(event) => void submit(true)(event)}>
                Save it all the same
              </Button>
            )
          }
        />
      )}
      <Field label="Name" error={errors.name?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" placeholder="SIEM" />}
      </Field>
      <Field label="Kind of receiver">
        {(wiring) => (
          <Select {...wiring} {...registered(form, "kind")}>
            {sinkKinds.map((one) => (
              <option key={one} value={one}>
                {sinkLabels[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {sinkFields[kind].map((field) => (
        <SinkInput
          key={`${kind} ${field.name}`}
          field={field}
          form={form}
          kept={stream?.kind === kind && isKept(stream, field)}
        />
      ))}
      {!stream && (
        <Controller
          control={form.control}
          name="from"
          render={({ field: { value, onChange } }) => (
            <Segmented
              label="It gets"
              labelHidden={false}
              value={value}
              onChange={onChange}
              options={[
                { value: "now", label: "What happens from now on" },
                { value: "beginning", label: "Everything that is stored" },
              ]}
            />
          )}
        />
      )}
      <Field
        label="Events that may wait"
        help="While the receiver is away, events wait here and none is lost. When more than this wait, the receiver counts as full."
        error={errors.backlogLimit?.message}
      >
        {(wiring) => <Input {...wiring} {...registered(form, "backlogLimit")} inputMode="numeric" autoComplete="off" />}
      </Field>
      <Controller
        control={form.control}
        name="refuseFetchesWhenFull"
        render={({ field: { value, onChange } }) => (
          <SwitchField
            label="Hand out no secret while it is full"
            help="Programs are refused until events reach the receiver again. Everything else goes on."
            checked={value}
            onChange={onChange}
          />
        )}
      />
      <p role="status" className="text-right text-soft text-sm">
        {busy && "Sending the receiver a test batch…"}
      </p>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={busy}>
          Test and save
        </Button>
      </div>
    </Form>
  );
}

/** The server names a setting by itself or below the settings. */
function fieldOf(path: (string | number)[]): string {
  const last = String(path.at(-1));
  if (last === "backlog_limit") return "backlogLimit";
  return last === "name" ? "name" : `settings.${last}`;
}

const isKept = ({ settings }: StreamRow, { name }: SinkField): boolean =>
  [settings.secrets_set].flat().some((one) => one === name);

interface InputProps {
  field: SinkField;
  form: UseFormReturn<StreamFields>;
  /** A secret that is stored; what is typed takes its place. */
  kept: boolean;
}

function SinkInput({ field, form, kept }: InputProps) {
  const { name, label, kind, required, help, options, lines } = field;
  const wires = registered(form, `settings.${name}`);
  const isSecret = kind === "secret";
  const words = kept ? `${help} The stored one stays while this is empty.` : help;
  return (
    <Field
      label={label}
      help={words}
      optional={!required}
      required={required && !kept}
      error={form.formState.errors.settings?.[name]?.message}
    >
      {(wiring) => {
        if (options)
          return (
            <Select {...wiring} {...wires}>
              {!field.default && <option value="">None</option>}
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </Select>
          );
        const typing = { autoComplete: "off", spellCheck: false, ...(kept && { placeholder: "Kept as it is" }) };
        if (kind === "multiline" || lines) return <Textarea {...wiring} {...wires} {...typing} rows={4} />;
        return (
          <Input
            {...wiring}
            {...wires}
            {...typing}
            {...(isSecret && { type: "password", autoComplete: "new-password" })}
            {...(kind === "number" && { inputMode: "numeric" })}
          />
        );
      }}
    </Field>
  );
}
