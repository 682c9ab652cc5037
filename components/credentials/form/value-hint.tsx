"use client";

import { useEffect, useState } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import type { Field, Method } from "@/lib/providers/define";
import { doubtsAbout } from "@/lib/providers/doubts";
import { type CredentialValues, cleaned } from "./values";

interface Props {
  method: Method;
  name: string;
  field: Field;
}

/** Long enough to go on typing undisturbed. */
const QUIET_MS = 600;

/** What looks doubtful about a value, at its field as soon as it stands there. It keeps nobody from testing or saving. */
export function ValueHint({ method, name, field }: Props) {
  const { control, formState } = useFormContext<CredentialValues>();
  const value = cleaned(field, useWatch({ control, name: `data.${name}` }));
  const [settled, setSettled] = useState<string | boolean>("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), QUIET_MS);
    return () => clearTimeout(timer);
  }, [value]);
  const isProblemShown = formState.errors.data?.[name] !== undefined;
  const [doubt] = settled === value && !isProblemShown ? doubtsAbout(method, { [name]: value }) : [];
  return (
    <p role="status" className="text-sm text-warn empty:hidden">
      {doubt?.message}
    </p>
  );
}
