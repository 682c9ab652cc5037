"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { Controller, useForm } from "react-hook-form";
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
import { registered } from "@/components/ui/registered";
import { SwitchField } from "@/components/ui/switch-field";
import { UnsavedGuard } from "@/components/ui/unsaved-guard";
import type { OrganizationChange, OrganizationView } from "@/lib/organizations";

const Fields = z.object({
  name: z.string().trim().min(1, "Name is required").max(200, "At most 200 characters"),
  requireTestBeforeSave: z.boolean(),
});
type Fields = z.infer<typeof Fields>;

interface Props {
  organization: OrganizationView;
  update: Action<OrganizationChange, OrganizationView>;
}

export function OrganizationForm({ organization, update }: Props) {
  const { name, requireTestBeforeSave } = organization;
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: { name, requireTestBeforeSave } });
  const { errors, isDirty } = form.formState;
  const router = useRouter();
  const { run, busy, error } = useAction(update, {
    onDone: (stored) => {
      form.reset({ name: stored.name, requireTestBeforeSave: stored.requireTestBeforeSave });
      toast.success("Settings saved");
      router.refresh();
    },
    onRefused: (refused) => applyProblems(form, refused),
  });
  const submit = form.handleSubmit((values) => run(values));
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <Field label="Name" error={errors.name?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" />}
      </Field>
      <Controller
        control={form.control}
        name="requireTestBeforeSave"
        render={({ field: { ref, value, onChange } }) => (
          <SwitchField
            ref={ref}
            label="Require a test before saving"
            help="Credentials that can be tested are then saved only with values that just passed. Others are saved as before."
            checked={value}
            onChange={onChange}
          />
        )}
      />
      <Button variant="primary" type="submit" busy={busy}>
        Save
      </Button>
      <UnsavedGuard dirty={isDirty} />
    </Form>
  );
}
