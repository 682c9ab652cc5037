"use client";

import { useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { Time } from "@/components/ui/time";
import type { Field as FieldDefinition, Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { SecretInput } from "./secret-input";
import { ValueHint } from "./value-hint";
import { type CredentialValues, isOptional, type SecretChoice } from "./values";

interface Props {
  method: Method;
  name: string;
  field: FieldDefinition;
  info: CredentialView["secrets"][string];
  /** As it will be done: "replace" also where the destination changed and keeping is not allowed. */
  choice: SecretChoice;
  /** What one chose oneself. */
  chosen: SecretChoice;
}

const words: Record<SecretChoice, string> = { keep: "Keep", replace: "Replace", clear: "Clear" };

/** A secret that is stored: it never comes back, one says what becomes of it. */
export function StoredSecret({ method, name, field, info, choice, chosen }: Props) {
  const { register, setValue, setFocus, clearErrors, formState, getFieldState } = useFormContext<CredentialValues>();
  const path = `data.${name}` as const;
  const forced = choice !== chosen;
  const offered: SecretChoice[] = ["keep", "replace", ...(isOptional(method, field) ? (["clear"] as const) : [])];
  const choose = (next: SecretChoice) => {
    setValue(`secrets.${name}`, next, { shouldDirty: true });
    clearErrors(path);
    if (next === "replace") requestAnimationFrame(() => setFocus(path));
  };
  return (
    <div className="rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div>
          <p className="font-medium">{field.label}</p>
          <p className="text-soft text-sm">
            Set <Time at={info.setAt} /> by {info.setBy}
          </p>
        </div>
        <Segmented
          label={`What to do with the stored ${field.label.toLowerCase()}`}
          value={choice}
          onChange={choose}
          options={offered.map((value) => ({ value, label: words[value], disabled: forced && value === "keep" }))}
        />
      </div>
      {forced && (
        <p role="status" className="mt-2 text-sm text-warn">
          The destination changed: enter the {field.label.toLowerCase()} again. The stored one is not sent to a new
          place.
        </p>
      )}
      {choice === "replace" && (
        <Field
          className="mt-2.5"
          label={`New ${field.label.toLowerCase()}`}
          help={field.help}
          docs={field.docs}
          error={getFieldState(path, formState).error?.message}
        >
          {(wiring) => (
            <>
              <SecretInput field={field} path={path} wiring={{ ...wiring, ...register(path), disabled: false }} />
              <ValueHint method={method} name={name} field={field} />
            </>
          )}
        </Field>
      )}
      {choice === "clear" && <p className="mt-2 text-sm text-warn">It is removed when you save.</p>}
    </div>
  );
}
