"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, useWatch } from "react-hook-form";
import { z } from "zod";
import type { Action } from "@/components/session/action";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import { Select } from "@/components/ui/select";
import { userRoles } from "@/lib/vocabulary/permissions";
import { roleLabels, roleMeaning } from "./messages";

const Fields = z.object({
  email: z.email("Enter an e-mail address, such as ana@example.com").max(254, "At most 254 characters"),
  firstName: z.string().trim().max(200, "At most 200 characters"),
  lastName: z.string().trim().max(200, "At most 200 characters"),
  role: z.enum(userRoles),
});
export type PersonFields = z.infer<typeof Fields>;

interface Props<Done> {
  start: PersonFields;
  /** Whether platform administrators are offered among the roles. */
  platform: boolean;
  /** Why the role stays as it is, if it does. */
  roleFixed?: string | undefined;
  save: Action<PersonFields, Done>;
  onSaved: (done: Done) => void;
  onRefused?: () => void;
  onCancel: () => void;
  submitLabel: string;
}

/** Who somebody is and what they may do, for a new person and for a known one. */
export function PersonForm<Done>({ start, platform, roleFixed, save, onSaved, onRefused, ...rest }: Props<Done>) {
  const form = useForm<PersonFields>({ resolver: zodResolver(Fields), defaultValues: start });
  const { errors } = form.formState;
  const role = useWatch({ control: form.control, name: "role" });
  const { run, busy, error } = useAction(save, {
    onDone: onSaved,
    onRefused: (refused) => {
      applyProblems(form, refused, ([name]) => fieldNames[String(name)] ?? String(name));
      onRefused?.();
    },
  });
  const roles = roleFixed ? [start.role] : userRoles.filter((one) => platform || one !== "backoffice");
  const submit = form.handleSubmit((values) => run(values));
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <Field label="E-mail address" help="They sign in with it." error={errors.email?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "email")} type="email" autoComplete="off" />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="First name" optional error={errors.firstName?.message}>
          {(wiring) => <Input {...wiring} {...registered(form, "firstName")} autoComplete="off" />}
        </Field>
        <Field label="Last name" optional error={errors.lastName?.message}>
          {(wiring) => <Input {...wiring} {...registered(form, "lastName")} autoComplete="off" />}
        </Field>
      </div>
      <Field label="Role" help={roleFixed ?? `${roleMeaning[role]}.`} error={errors.role?.message}>
        {(wiring) => (
          <Select {...wiring} {...registered(form, "role")}>
            {roles.map((one) => (
              <option key={one} value={one}>
                {roleLabels[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Buttons busy={busy} {...rest} />
    </Form>
  );
}

/** The core's names of fields that have other ones here. */
const fieldNames: Record<string, string> = { first_name: "firstName", last_name: "lastName" };

const Buttons = ({ busy, onCancel, submitLabel }: { busy: boolean; onCancel: () => void; submitLabel: string }) => (
  <div className="flex justify-end gap-2">
    <Button onClick={onCancel}>Cancel</Button>
    <Button variant="primary" type="submit" busy={busy}>
      {submitLabel}
    </Button>
  </div>
);
