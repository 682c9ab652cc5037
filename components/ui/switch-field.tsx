"use client";

import { type ReactNode, type Ref, useId } from "react";
import { DocsLink } from "./field";
import { Switch } from "./switch";

interface Props {
  label: string;
  help?: ReactNode;
  docs?: string | undefined;
  checked: boolean;
  onChange: (checked: boolean) => void;
  ref?: Ref<HTMLButtonElement>;
}

/** Something that is on or off, with its words beside it. */
export function SwitchField({ label, help, docs, checked, onChange, ref }: Props) {
  const id = useId();
  const described = help || docs ? `${id}-help` : undefined;
  return (
    <div className="flex gap-3">
      <Switch
        id={id}
        ref={ref}
        checked={checked}
        onCheckedChange={onChange}
        aria-describedby={described}
        className="mt-px"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {described && (
          <p id={described} className="text-soft text-sm">
            {help} {docs && <DocsLink href={docs} about={label} />}
          </p>
        )}
      </div>
    </div>
  );
}
