"use client";

import type { UseFormReturn } from "react-hook-form";
import type { Method } from "@/lib/providers/define";
import { type ReadPasted, readPasted } from "./paste";
import type { CredentialValues } from "./values";

/** Puts what was pasted in one piece into the fields, and answers what became of it; anything else changes nothing. */
export function useFill(form: UseFormReturn<CredentialValues>, methods: Method[]) {
  return (text: string): ReadPasted => {
    const pasted = readPasted(methods, form.getValues("type"), text);
    if (!pasted.ok) return pasted;
    form.setValue("type", pasted.type, { shouldDirty: true });
    for (const [name, value] of Object.entries(pasted.data)) {
      form.setValue(`data.${name}`, typeof value === "boolean" ? value : String(value), { shouldDirty: true });
      if (form.getValues(`secrets.${name}`)) form.setValue(`secrets.${name}`, "replace", { shouldDirty: true });
    }
    for (const name of pasted.blank) form.setValue(`data.${name}`, "", { shouldDirty: true });
    form.clearErrors("data");
    return pasted;
  };
}
