import type { UseFormReturn } from "react-hook-form";
import { applyProblems } from "@/components/session/apply-problems";
import type { PublicError } from "@/lib/api/http/public-error";
import type { CredentialValues } from "./values";

const clearPaths: Record<string, string> = { expires_at: "expires" };

/** Puts the server's problems on the fields; answers the texts of those that have none. */
export function showRefusal(form: UseFormReturn<CredentialValues>, error: PublicError): string[] {
  for (const { path, code } of error.fields) {
    // The server will not use this stored secret; it has to be typed.
    if (code === "resend_secret") form.setValue(`secrets.${path[1]}`, "replace", { shouldDirty: true });
  }
  return applyProblems(form, error, ([first, second]) =>
    first === "credentials" ? `data.${second}` : (clearPaths[String(first)] ?? String(first)),
  );
}
