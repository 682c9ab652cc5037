import made from "@/lib/generated/catalog/sign-in-forms";
import type { SignInForm } from "./catalog/kind-form";

const forms: Readonly<Record<string, SignInForm>> = made as unknown as Record<string, SignInForm>;

/** What pages show of a sign-in that a file in `catalog/sign-ins` describes. @throws Error where there is none */
export function signInForm(id: string): SignInForm {
  const form = Object.hasOwn(forms, id) ? forms[id] : undefined;
  if (!form) throw new Error(`No sign-in ${id}`);
  return form;
}
