"use client";

import { Controller, useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import type { SourceDefinition } from "@/lib/importers";
import type { ImportFields } from "./fields";

interface Props {
  source: SourceDefinition;
  disabled: boolean;
}

/** What this source is read from, and what opens it. */
export function SourceFields({ source, disabled }: Props) {
  const { register, watch, setValue, formState } = useFormContext<ImportFields>();
  const { errors } = formState;
  const from = watch("from");
  return (
    <>
      {source.address && (
        <Segmented
          label="Read from"
          value={from}
          options={[
            { value: "file", label: source.file.label, disabled },
            { value: "address", label: source.address.label, disabled },
          ]}
          onChange={(value) => setValue("from", value)}
        />
      )}
      {from === "file" || !source.address ? (
        <FileField source={source} disabled={disabled} />
      ) : (
        <Field label={source.address.label} help={source.address.help} error={errors.address?.message}>
          {/* It holds a password. */}
          {(wiring) => (
            <Input
              {...wiring}
              {...register("address")}
              {...asSecret}
              disabled={disabled}
              placeholder={source.address?.placeholder}
            />
          )}
        </Field>
      )}
      {source.key && (
        <Field
          label={source.key.label}
          optional={source.key.optional}
          help={source.key.help}
          error={errors.key?.message}
        >
          {(wiring) => <Input {...wiring} {...register("key")} {...asSecret} disabled={disabled} />}
        </Field>
      )}
      {source.part && (
        <Field label={source.part.label} optional help={source.part.help} error={errors.part?.message}>
          {(wiring) => <Input {...wiring} {...register("part")} autoComplete="off" disabled={disabled} />}
        </Field>
      )}
    </>
  );
}

/** Another system's secret: never legible, and no password manager should offer or keep it. */
const asSecret = {
  type: "password",
  autoComplete: "new-password",
  "data-1p-ignore": true,
  "data-bwignore": true,
  "data-lpignore": "true",
  spellCheck: false,
} as const;

const FileField = ({ source: { file }, disabled }: Props) => (
  <Controller<ImportFields, "file">
    name="file"
    render={({ field: { onChange, onBlur, name, ref }, fieldState }) => (
      <Field label={file.label} help={file.help} error={fieldState.error?.message}>
        {(wiring) => (
          <Input
            {...wiring}
            ref={ref}
            name={name}
            type="file"
            accept={file.accept}
            disabled={disabled}
            onBlur={onBlur}
            onChange={(event) => onChange(event.target.files?.[0])}
            className="h-auto cursor-pointer py-1 pl-1 file:mr-3 file:h-7 file:cursor-pointer file:rounded-md file:border-0 file:bg-sunken file:px-2.5 file:font-medium file:text-ink"
          />
        )}
      </Field>
    )}
  />
);
