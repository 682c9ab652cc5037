"use client";

import { useQuery } from "@tanstack/react-query";
import { LockKeyhole } from "lucide-react";
import { Card } from "@/components/ui/card";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import { type Field, type Method, withStoredFields } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { fieldLabel } from "../field-words";
import { useMethod } from "../kind-of-page";
import { credentialOptions } from "../queries";

/** The public values, and of each secret that it is set, when and by whom. Nothing here can show a secret. */
export function Configuration({ id }: { id: string }) {
  const { data: view } = useQuery(credentialOptions(id));
  const method = useMethod(view?.type);
  if (!view) return null;
  const fields = method ? withStoredFields(method, Object.keys(view.secrets)).fields : {};
  return (
    <div className="grid items-start gap-5 xl:grid-cols-2">
      <Card title="Values">
        <Facts>
          {inFormOrder(view, fields).map(([name, value]) => (
            <Fact key={name} name={fieldLabel(method, name)}>
              <Value value={value} field={fields[name]} />
            </Fact>
          ))}
        </Facts>
        {Object.keys(view.config).length === 0 && <p className="text-soft">It has no public values.</p>}
      </Card>
      <Card
        title="Secrets"
        description="They are sealed, and only service accounts can fetch them. To change one, edit the credential."
      >
        <Secrets view={view} method={method} fields={fields} />
      </Card>
    </div>
  );
}

/** As on the form; what the form does not ask for comes last. */
function inFormOrder(view: CredentialView, fields: Record<string, Field>): [string, string | number | boolean][] {
  const names = Object.keys(fields);
  const place = (name: string) => (names.indexOf(name) + names.length + 1) % (names.length + 1);
  return Object.entries(view.config).sort(([a], [b]) => place(a) - place(b));
}

function Value({ value, field }: { value: string | number | boolean; field: Field | undefined }) {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (field?.control === "multiline")
    return <pre className="max-h-48 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs">{value}</pre>;
  return field?.options?.find((option) => option.value === value)?.label ?? String(value);
}

interface SecretsProps {
  view: CredentialView;
  method: Method | undefined;
  fields: Record<string, Field>;
}

function Secrets({ view, method, fields }: SecretsProps) {
  const set = Object.entries(view.secrets);
  const unset = Object.entries(fields).filter(
    ([name, field]) => field.secret && !field.obtained && !(name in view.secrets),
  );
  return (
    <Facts>
      {set.map(([name, info]) => (
        <Fact key={name} name={fieldLabel(method, name)}>
          <LockKeyhole aria-hidden className="mr-1.5 inline size-3.5 align-[-2px] text-soft" />
          Set <Time at={info.setAt} /> by {info.setBy}
        </Fact>
      ))}
      {unset.map(([name, field]) => (
        <Fact key={name} name={field.label}>
          <span className="text-soft">Not set</span>
        </Fact>
      ))}
    </Facts>
  );
}
