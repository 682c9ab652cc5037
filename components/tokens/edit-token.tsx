"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
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
import { Select } from "@/components/ui/select";
import { day } from "@/components/ui/time-words";
import type { TokenLimits } from "@/lib/vocabulary/access";
import { scopes } from "@/lib/vocabulary/permissions";
import { limitsOf, typedLimits } from "./limit-words";
import { NO_SCOPE, scopeLabels, scopeOf, tokenLabel } from "./messages";
import { Narrowing } from "./narrowing";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenKeys } from "./tokens-query";

const Fields = z.object({
  name: z.string().trim().min(1, "Say what it is for").max(200, "At most 200 characters"),
  scope: z.enum(scopes, "Choose what it may do"),
  days: z.enum(["keep", "30", "90", "365", "never"]),
});
type Fields = z.infer<typeof Fields>;

interface Props {
  token: TokenRow;
  change: TokenActions["change"];
  onClose: () => void;
}

/** Only what was changed is sent: scopes and expiry cost a password check, a name does not. */
export function EditToken({ token, change, onClose }: Props) {
  const { id, own, name, version } = token;
  const scope = scopeOf(token.scopes);
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: { name, scope, days: "keep" } });
  const [limits, setLimits] = useState(typedLimits(token.limits));
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: tokenKeys.all });
  const { run, busy, error } = useAction(change, {
    onDone: (stored) => {
      toast.success(`“${tokenLabel(stored)}” is saved`);
      onClose();
      refresh();
    },
    onRefused: (refused) => {
      applyProblems(form, refused);
      refresh();
    },
  });
  const submit = form.handleSubmit((typed) =>
    run({
      id,
      own,
      expectedVersion: version,
      ...(typed.name !== name && { name: typed.name }),
      ...(typed.scope !== scope && { scope: typed.scope }),
      ...((token.unlimitedFromBefore || hasOther(token, limitsOf(limits))) && { limits: limitsOf(limits) }),
      ...(typed.days !== "keep" && { days: typed.days === "never" ? null : Number(typed.days) }),
    }),
  );
  const words = scopeLabels[token.serviceAccountId ? "service_account" : "user"];
  return (
    <Dialog open onOpenChange={onClose} title={`Edit “${tokenLabel(token)}”`} description="Its secret stays as it is.">
      <Form onSubmit={(event) => void submit(event)}>
        {error && <RefusalCallout error={error} />}
        <Field label="Name" help="What or who uses it." error={form.formState.errors.name?.message}>
          {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" />}
        </Field>
        <Field label="It may" error={form.formState.errors.scope?.message}>
          {(wiring) => (
            <Select {...wiring} {...registered(form, "scope")}>
              {!scope && <option value="">{NO_SCOPE}</option>}
              {scopes.map((one) => (
                <option key={one} value={one}>
                  {words[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Expires">
          {(wiring) => (
            <Select {...wiring} {...registered(form, "days")}>
              <option value="keep">As it is: {token.expiresAt ? `on ${day(token.expiresAt)}` : "never"}</option>
              <option value="30">In 30 days</option>
              <option value="90">In 90 days</option>
              <option value="365">In a year</option>
              {token.expiresAt && <option value="never">Never</option>}
            </Select>
          )}
        </Field>
        <Narrowing
          value={limits}
          onChange={setLimits}
          problem={(part) => error?.fields.find(({ path }) => path.includes(part))?.message}
          open={token.unlimitedFromBefore || token.limits !== null}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            Save
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const hasOther = ({ limits }: TokenRow, typed: TokenLimits | null): boolean =>
  JSON.stringify(typedLimits(limits)) !== JSON.stringify(typedLimits(typed));
