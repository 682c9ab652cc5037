"use client";

import { Eye, EyeOff, FileUp } from "lucide-react";
import { type ChangeEvent, useRef, useState } from "react";
import { type UseFormRegisterReturn, useFormContext } from "react-hook-form";
import { Button } from "@/components/ui/button";
import type { FieldWiring } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { CERTIFICATES_MAX } from "@/lib/providers/certificate-text";
import type { Field } from "@/lib/providers/define";
import type { CredentialValues } from "./values";

interface Props {
  field: Field;
  path: `data.${string}`;
  wiring: FieldWiring & UseFormRegisterReturn & { disabled: boolean };
}

/** One line, legible on request to whoever types it; a block (a key, a certificate) can come from a file. */
export const SecretInput = (props: Props) =>
  props.field.control === "multiline" ? <Block {...props} /> : <Line {...props} />;

function Line({ field, wiring }: Props) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        {...wiring}
        type={shown ? "text" : "password"}
        className="pr-10"
        placeholder={field.placeholder}
        // This is another system's secret: no password manager should offer or keep it, and no spelling service see it.
        autoComplete={shown ? "off" : "new-password"}
        autoCapitalize="off"
        data-1p-ignore
        data-bwignore
        data-lpignore="true"
        spellCheck={false}
      />
      <Button
        variant="quiet"
        size="icon"
        className="absolute inset-y-0 right-0.5 my-auto"
        aria-label="Show what you type"
        aria-controls={wiring.id}
        aria-pressed={shown}
        disabled={wiring.disabled}
        onClick={() => setShown(!shown)}
      >
        <Icon aria-hidden />
      </Button>
    </div>
  );
}

function Block({ field, path, wiring }: Props) {
  const { setValue } = useFormContext<CredentialValues>();
  const picker = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState("");
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    // As large as the largest field takes; each says itself when it is less.
    if (file.size > CERTIFICATES_MAX)
      return setTrouble(`${file.name} is larger than 240 KiB: choose the key or certificate itself`);
    setTrouble("");
    setValue(path, await file.text(), { shouldDirty: true, shouldValidate: true });
  };
  return (
    <div className="space-y-1.5">
      <Textarea {...wiring} rows={5} placeholder={field.placeholder} autoComplete="off" spellCheck={false} />
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" disabled={wiring.disabled} onClick={() => picker.current?.click()}>
          <FileUp aria-hidden /> From a file<span className="sr-only">: {field.label}</span>
        </Button>
        <span role="status" className="text-bad text-sm">
          {trouble}
        </span>
        <input
          ref={picker}
          type="file"
          hidden
          tabIndex={-1}
          aria-label={`File with the ${field.label}`}
          onChange={(event) => void read(event)}
        />
      </div>
    </div>
  );
}
