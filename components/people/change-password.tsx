"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { z } from "zod";
import type { Action } from "@/components/session/action";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";

const Fields = z
  .object({
    present: z.string().min(1, "Enter your present password"),
    next: z.string().min(12, "At least 12 characters").max(256, "At most 256 characters"),
    again: z.string(),
  })
  .refine(({ next, again }) => next === again, { path: ["again"], message: "Is not the same as the new password" });
type Fields = z.infer<typeof Fields>;

const empty: Fields = { present: "", next: "", again: "" };

interface Props {
  /** For password managers, which need to know whose password this is. */
  email: string;
  change: Action<{ present: string; next: string }, void>;
}

export function ChangePassword({ email, change }: Props) {
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: empty });
  const { errors } = form.formState;
  const { run, busy, error } = useAction(change, {
    onDone: () => {
      form.reset(empty);
      toast.success("Your password is changed. Other browsers are signed out.");
    },
    onRefused: (refused) => applyProblems(form, refused),
  });
  const submit = form.handleSubmit(({ present, next }) => run({ present, next }));
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label="Present password" error={errors.present?.message}>
        {(wiring) => (
          <Input {...wiring} {...form.register("present")} type="password" autoComplete="current-password" />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="New password" help="At least 12 characters." error={errors.next?.message}>
          {(wiring) => <Input {...wiring} {...form.register("next")} type="password" autoComplete="new-password" />}
        </Field>
        <Field label="New password again" error={errors.again?.message}>
          {(wiring) => <Input {...wiring} {...form.register("again")} type="password" autoComplete="new-password" />}
        </Field>
      </div>
      <Button variant="primary" type="submit" busy={busy}>
        Change the password
      </Button>
    </Form>
  );
}
