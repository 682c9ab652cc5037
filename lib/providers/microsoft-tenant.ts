import type { Tokens } from "@/lib/platform/oauth";
import { type CredentialData, type FieldOptions, text } from "./define";

/** A Microsoft Entra tenant: its GUID or one of its domains. It is part of the address that tokens are fetched from. */
export const tenantId = (options: Partial<FieldOptions> = {}) =>
  text({
    label: "Tenant ID",
    help: "The directory (tenant) ID of your organisation, or one of its domains.",
    placeholder: "00000000-0000-0000-0000-000000000000",
    docs: "https://learn.microsoft.com/entra/fundamentals/how-to-find-tenant",
    destination: true,
    pattern: {
      test: /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/,
      message: "Must be a tenant ID or a domain such as example.onmicrosoft.com",
    },
    ...options,
  });

export const exampleTenant = "11111111-2222-3333-4444-555555555555";

/** Who signed in, as Microsoft names them. */
export const microsoftAccount = text({
  label: "Microsoft account",
  optional: true,
  obtained: true,
  max: 320,
  pattern: { test: /^[^\s@]{1,64}@[^\s@]{1,255}$/, message: "Must be an e-mail address" },
});

/** The directory and the account of a sign-in. Without a tenant in the answer, the address's domain names it. */
export function signedInTenant({ identity }: Tokens, before: CredentialData): CredentialData {
  const email = identity?.email ?? (typeof before.email === "string" ? before.email : undefined);
  const domain = email?.split("@")[1];
  const tenant = identity?.tenant ?? before.tenant_id ?? domain;
  return { ...(tenant !== undefined && { tenant_id: tenant }), ...(email?.includes("@") && { email }) };
}
