"use client";

import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { Callout } from "@/components/ui/callout";
import { cn } from "@/components/ui/class-names";
import { Segmented } from "@/components/ui/segmented";
import type { CredentialType, Field, Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { FieldControl } from "./field-control";
import { StoredSecret } from "./stored-secret";
import { type CredentialValues, formFields, isOverridden } from "./values";

interface Props {
  method: Method;
  /** What to do with each stored secret, as it will be done. */
  secrets: CredentialValues["secrets"];
  /** The credential under edit, while its type is unchanged. */
  view?: CredentialView | undefined;
  onPaste: (text: string) => boolean;
}

/** The fields of one way to sign in: what one always needs first, the rest folded. */
export function MethodFields(props: Props) {
  const fields = formFields(props.method);
  const basic = fields.filter(([, field]) => !field.advanced);
  const advanced = fields.filter(([, field]) => field.advanced);
  return (
    <div className="space-y-4">
      {props.method.help && <p className="text-soft">{props.method.help}</p>}
      <Overridden method={props.method} secrets={props.secrets} />
      {inRows(basic).map((row) => (
        <div key={row[0]?.[0]} className={cn(row.length > 1 && "grid grid-cols-[minmax(0,1fr)_7rem] gap-3")}>
          {row.map(([name, field]) => (
            <OneField key={name} {...props} name={name} field={field} />
          ))}
        </div>
      ))}
      {advanced.length > 0 && <Fold {...props} advanced={advanced} />}
    </div>
  );
}

/** Says why fields stand empty from the start: a stored secret, which is not shown, says it all. */
function Overridden({ method, secrets }: Pick<Props, "method" | "secrets">) {
  const { control } = useFormContext<CredentialValues>();
  const data = useWatch({ control, name: "data" });
  const hidden = formFields(method).filter(([, field]) => isOverridden(field, { data, secrets }));
  const unless = hidden[0]?.[1].unless ?? "";
  const by = method.fields[unless]?.label;
  if (!by || secrets[unless] !== "keep") return null;
  const labels = hidden.map(([, field]) => field.label).join(", ");
  return <Callout tone="info">{`${by} is stored and says these: ${labels}.`}</Callout>;
}

/** A number belongs beside the text before it: a port beside its host. */
function inRows(fields: [string, Field][]): [string, Field][][] {
  const rows: [string, Field][][] = [];
  for (const entry of fields) {
    const last = rows.at(-1);
    if (entry[1].control === "number" && last?.length === 1 && last[0]?.[1].control === "text") last.push(entry);
    else rows.push([entry]);
  }
  return rows;
}

/** Opens by itself when one of its fields has a problem. */
function Fold({ advanced, ...props }: Props & { advanced: [string, Field][] }) {
  const { formState } = useFormContext<CredentialValues>();
  const stored = props.view ? advanced.some(([name]) => name in (props.view?.secrets ?? {})) : false;
  const [open, setOpen] = useState(stored);
  const shown = open || advanced.some(([name]) => formState.errors.data?.[name]);
  const region = useId();
  return (
    <div className="rounded-lg border border-line">
      <button
        type="button"
        aria-expanded={shown}
        aria-controls={region}
        onClick={() => setOpen(!shown)}
        className="flex h-10 w-full items-center gap-1.5 rounded-lg px-3 font-medium text-soft hover:text-ink"
      >
        <ChevronRight aria-hidden className={cn("size-4 transition-transform", shown && "rotate-90")} />
        More options
      </button>
      <div id={region} hidden={!shown} className="space-y-4 px-3 pt-1 pb-3">
        {advanced.map(([name, field]) => (
          <OneField key={name} {...props} name={name} field={field} />
        ))}
      </div>
    </div>
  );
}

function OneField({ name, field, method, secrets, view, onPaste }: Props & { name: string; field: Field }) {
  const { watch } = useFormContext<CredentialValues>();
  const info = view?.secrets[name];
  if (!info) return <FieldControl method={method} name={name} field={field} secrets={secrets} onPaste={onPaste} />;
  const chosen = watch(`secrets.${name}`) ?? "keep";
  return (
    <StoredSecret
      method={method}
      name={name}
      field={field}
      info={info}
      choice={secrets[name] ?? "keep"}
      chosen={chosen}
    />
  );
}

interface ChoiceProps {
  methods: Method[];
  value: CredentialType;
  onChange: (type: CredentialType) => void;
}

/** How one signs in, where the provider knows several ways. */
export const MethodChoice = ({ methods, value, onChange }: ChoiceProps) =>
  methods.length < 2 ? null : (
    <Segmented
      label="Sign in with"
      labelHidden={false}
      value={value}
      onChange={onChange}
      options={methods.map((method) => ({ value: method.type, label: method.label }))}
    />
  );
