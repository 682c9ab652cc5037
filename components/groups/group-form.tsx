"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
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
import type { GroupView } from "@/lib/access";

const Fields = z.object({
  name: z.string().trim().min(1, "Name is required").max(200, "At most 200 characters"),
  description: z.string().trim().max(500, "At most 500 characters"),
});
type Fields = z.infer<typeof Fields>;

interface Props {
  start: Fields;
  save: Action<Fields, GroupView>;
  onSaved: (view: GroupView) => void;
  onCancel: () => void;
  submitLabel: string;
}

/** Name and purpose of a group, for a new one and for a known one. */
export function GroupForm({ start, save, onSaved, onCancel, submitLabel }: Props) {
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: start });
  const { errors } = form.formState;
  const { run, busy, error } = useAction(save, {
    onDone: onSaved,
    onRefused: (refused) => applyProblems(form, refused),
  });
  const submit = form.handleSubmit((values) => run(values));
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <Field label="Name" error={errors.name?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" placeholder="Data team" />}
      </Field>
      <Field label="Description" optional help="What its members have in common." error={errors.description?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "description")} autoComplete="off" />}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" type="submit" busy={busy}>
          {submitLabel}
        </Button>
      </div>
    </Form>
  );
}
