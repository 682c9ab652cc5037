import { type FieldOptions, text } from "./define";

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
