"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import { Select } from "@/components/ui/select";
import type { PublicError } from "@/lib/api/http/public-error";
import { type Scope, scopes } from "@/lib/vocabulary/permissions";
import { limitsOf, typedLimits } from "./limit-words";
import { scopeLabels } from "./messages";
import { Narrowing } from "./narrowing";
import type { TokenOrder, TokenOwner } from "./token-actions";

const Fields = z.object({
  name: z.string().trim().min(1, "Say what it is for").max(200, "At most 200 characters"),
  scope: z.enum(scopes),
  days: z.enum(["30", "90", "365", "never"]),
});
type Fields = z.infer<typeof Fields>;

/** A service account has nothing to do with more than these. */
const offered: Record<TokenOwner["kind"], readonly Scope[]> = { service_account: ["read", "write"], self: scopes };

interface Props {
  owner: TokenOwner;
  busy: boolean;
  error: PublicError | undefined;
  onSubmit: (order: TokenOrder) => void;
  onCancel: () => void;
}

export function NewTokenForm({ owner, busy, error, onSubmit, onCancel }: Props) {
  const form = useForm<Fields>({
    resolver: zodResolver(Fields),
    defaultValues: { name: "", scope: "read", days: "365" },
  });
  const [limits, setLimits] = useState(typedLimits(null));
  const submit = form.handleSubmit(({ name, scope, days }) =>
    onSubmit({ name, owner, scope, limits: limitsOf(limits), days: days === "never" ? null : Number(days) }),
  );
  return (
    <Form onSubmit={(event) => void submit(event)}>
      {error && <RefusalCallout error={error} />}
      <Field label="Name" help="What or who uses it." error={form.formState.errors.name?.message}>
        {(wiring) => (
          <Input {...wiring} {...registered(form, "name")} autoComplete="off" placeholder="Production workflows" />
        )}
      </Field>
      <Field label="It may">
        {(wiring) => (
          <Select {...wiring} {...registered(form, "scope")}>
            {offered[owner.kind].map((scope) => (
              <option key={scope} value={scope}>
                {scopeLabels[owner.kind === "self" ? "user" : "service_account"][scope]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Expires">
        {(wiring) => (
          <Select {...wiring} {...registered(form, "days")}>
            <option value="30">In 30 days</option>
            <option value="90">In 90 days</option>
            <option value="365">In a year</option>
            <option value="never">Never</option>
          </Select>
        )}
      </Field>
      <Narrowing
        value={limits}
        onChange={setLimits}
        problem={(part) => error?.fields.find(({ path }) => path.includes(part))?.message}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" type="submit" busy={busy}>
          Create the token
        </Button>
      </div>
    </Form>
  );
}
