"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import type { OrganizationActions } from "./organization-actions";

const Fields = z.object({ name: z.string().trim().min(1, "Name is required").max(200, "At most 200 characters") });
type Fields = z.infer<typeof Fields>;

export function NewOrganization({ create }: Pick<OrganizationActions, "create">) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New organisation
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={setOpen}
          title="New organisation"
          description="It has people, programs and credentials of its own, which no other organisation sees."
        >
          <NameForm create={create} onCancel={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

function NameForm({ create, onCancel }: Pick<OrganizationActions, "create"> & { onCancel: () => void }) {
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: { name: "" } });
  const router = useRouter();
  const { run, busy, error } = useAction(create, {
    onDone: ({ id }) => router.push(`/organizations/${id}`),
    onRefused: (refused) => applyProblems(form, refused),
  });
  const submit = form.handleSubmit((values) => run(values));
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <Field label="Name" help="Next you invite its first administrator." error={form.formState.errors.name?.message}>
        {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" placeholder="Acme GmbH" />}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" type="submit" busy={busy}>
          Create
        </Button>
      </div>
    </Form>
  );
}
