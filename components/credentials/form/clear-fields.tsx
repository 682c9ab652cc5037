"use client";

import { useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import type { CredentialValues } from "./values";

interface Props {
  /** For a new credential: what it is called when nobody names it. */
  suggestion?: string | undefined;
}

/** What every credential has, whatever it is for: a name, tags, an end. */
export function ClearFields({ suggestion }: Props) {
  const form = useFormContext<CredentialValues>();
  const { errors } = form.formState;
  const isNew = suggestion !== undefined;
  return (
    <div className="space-y-4">
      <Field
        label="Name"
        optional={isNew}
        help={isNew ? "Left empty, it is called what is shown here." : undefined}
        error={errors.name?.message}
      >
        {(wiring) => <Input {...wiring} {...registered(form, "name")} placeholder={suggestion} autoComplete="off" />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Tags" optional help="Separated by commas." error={errors.tags?.message}>
          {(wiring) => (
            <Input {...wiring} {...registered(form, "tags")} placeholder="production, billing" autoComplete="off" />
          )}
        </Field>
        <Field
          label="Expires"
          optional
          help="If the other side ends it on a day you know."
          error={errors.expires?.message}
        >
          {(wiring) => <Input {...wiring} {...registered(form, "expires")} type="date" suppressHydrationWarning />}
        </Field>
      </div>
    </div>
  );
}
