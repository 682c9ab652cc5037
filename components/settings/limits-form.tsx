"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { z } from "zod";
import type { Action } from "@/components/session/action";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Fact, Facts } from "@/components/ui/facts";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import type { OrganizationChange, OrganizationView } from "@/lib/organizations";

const limit = z.string().regex(/^[1-9]\d{0,5}$/, "Must be a whole number from 1 to 999999");
const Fields = z.object({ maxPerProvider: limit, maxPerUser: limit });
type Fields = z.infer<typeof Fields>;

interface Props {
  organization: OrganizationView;
  mayChange: boolean;
  update: Action<OrganizationChange, OrganizationView>;
}

export const LimitsForm = ({ organization, mayChange, update }: Props) =>
  mayChange ? (
    <EditableLimits organization={organization} update={update} />
  ) : (
    <Facts>
      <Fact name="Credentials of one provider">{organization.maxPerProvider}</Fact>
      <Fact name="Credentials of one person">{organization.maxPerUser}</Fact>
    </Facts>
  );

function EditableLimits({ organization, update }: Omit<Props, "mayChange">) {
  const form = useForm<Fields>({
    resolver: zodResolver(Fields),
    defaultValues: { maxPerProvider: String(organization.maxPerProvider), maxPerUser: String(organization.maxPerUser) },
  });
  const { errors } = form.formState;
  const router = useRouter();
  const { run, busy, error } = useAction(update, {
    onDone: () => {
      toast.success("Limits saved");
      router.refresh();
    },
    onRefused: (refused) => applyProblems(form, refused),
  });
  const submit = form.handleSubmit((typed) =>
    run({ maxPerProvider: Number(typed.maxPerProvider), maxPerUser: Number(typed.maxPerUser) }),
  );
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Credentials of one provider" error={errors.maxPerProvider?.message}>
          {(wiring) => (
            <Input {...wiring} {...registered(form, "maxPerProvider")} inputMode="numeric" autoComplete="off" />
          )}
        </Field>
        <Field label="Credentials of one person" error={errors.maxPerUser?.message}>
          {(wiring) => <Input {...wiring} {...registered(form, "maxPerUser")} inputMode="numeric" autoComplete="off" />}
        </Field>
      </div>
      <Button variant="primary" type="submit" busy={busy}>
        Save the limits
      </Button>
    </Form>
  );
}
