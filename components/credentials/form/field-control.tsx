"use client";

import type { ClipboardEvent } from "react";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { Field, type FieldWiring } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import { Select } from "@/components/ui/select";
import { SwitchField } from "@/components/ui/switch-field";
import type { Field as FieldDefinition, Method } from "@/lib/providers/define";
import { SecretInput } from "./secret-input";
import { ValueHint } from "./value-hint";
import { type CredentialValues, isOptional, isOverridden } from "./values";

interface Props {
  method: Method;
  name: string;
  field: FieldDefinition;
  /** What to do with each stored secret, as it will be done. */
  secrets: CredentialValues["secrets"];
  /** True when the pasted text was more than this field's value and went to its places. */
  onPaste: (text: string) => boolean;
}

/** One field of a provider, drawn from its definition. */
export function FieldControl({ method, name, field, secrets, onPaste }: Props) {
  const { control, formState, getFieldState } = useFormContext<CredentialValues>();
  const data = useWatch({ control, name: "data" });
  const path = `data.${name}` as const;
  const overridden = isOverridden(field, { data, secrets });
  if (field.control === "switch") return <Toggle name={name} field={field} />;
  const chosen = field.options?.find((option) => option.value === data[name]);
  return (
    <Field
      label={field.label}
      optional={isOptional(method, field)}
      error={overridden ? undefined : getFieldState(path, formState).error?.message}
      help={overridden ? "Not used" : (chosen?.help ?? field.help)}
      docs={field.docs}
    >
      {(wiring) => (
        <>
          <Control field={field} path={path} wiring={wiring} disabled={overridden} onPaste={onPaste} />
          {!overridden && <ValueHint method={method} name={name} field={field} />}
        </>
      )}
    </Field>
  );
}

interface ControlProps extends Pick<Props, "field" | "onPaste"> {
  path: `data.${string}`;
  wiring: FieldWiring;
  disabled: boolean;
}

function Control({ field, path, wiring, disabled, onPaste }: ControlProps) {
  const form = useFormContext<CredentialValues>();
  // The platform's attribute only: the form keeps the value for when the field counts again.
  const own = { ...wiring, disabled };
  if (field.secret) return <SecretInput field={field} path={path} wiring={{ ...own, ...form.register(path) }} />;
  const shared = { ...own, ...registered(form, path) };
  if (field.control === "multiline") return <SecretInput field={field} path={path} wiring={shared} />;
  if (field.control === "select") {
    return (
      <Select {...shared}>
        {field.default === undefined && (
          <option value="">{field.required ? "Choose…" : (field.emptyLabel ?? "Not set")}</option>
        )}
        {field.options?.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  }
  const paste = (event: ClipboardEvent) => {
    if (onPaste(event.clipboardData.getData("text"))) event.preventDefault();
  };
  return (
    <Input
      {...shared}
      placeholder={field.placeholder}
      inputMode={field.control === "number" ? "numeric" : undefined}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onPaste={paste}
    />
  );
}

const Toggle = ({ name, field }: { name: string; field: FieldDefinition }) => (
  <Controller<CredentialValues, `data.${string}`>
    name={`data.${name}`}
    render={({ field: { value, onChange, ref } }) => (
      <SwitchField
        ref={ref}
        label={field.label}
        help={field.help}
        docs={field.docs}
        checked={value === true}
        onChange={onChange}
      />
    )}
  />
);
