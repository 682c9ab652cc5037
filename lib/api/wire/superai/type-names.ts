import { invalidField } from "@/lib/platform/refusal";
import { type CredentialType, canonicalName, credentialTypes } from "@/lib/providers/define";
import { findMethod, findProvider } from "@/lib/providers/index";
import { isOwnKindId } from "@/lib/providers/own-id";

/** A type that a name may mean, and the fields of which one says that it does. */
type Meaning = [type: CredentialType, fields: string[]];

/**
 * Names that this dialect has for ways to sign in beside the types themselves, and what they mean for the providers that they
 * fit. Everywhere else they are refused as any other type that does not fit. Of several meanings the last is taken where nothing
 * says another.
 */
const NAMES: Record<string, Record<string, Meaning[]>> = {
  client_credentials: { microsoft: [["oauth2", []]] },
  sharepoint_receive: {
    microsoft: [["oauth2", []]],
    sharepoint: [
      ["oauth2", []],
      ["sharepoint_oauth", []],
    ],
  },
  google_drive_receive: {
    google: [
      ["oauth2", []],
      ["google_oauth", []],
    ],
  },
  sftp: {
    sftp: [
      ["key_file", ["private_key"]],
      ["user_password", ["password"]],
    ],
  },
  azure_blob_receive: {
    azure_blob: [
      ["shared_access_signature", ["sas_token", "sas_url"]],
      ["client_credentials", ["client_id", "client_secret", "tenant_id"]],
      ["api_key", ["account_key", "connection_string"]],
    ],
  },
};

/** Every name that a body may have for a type. */
export const typeNames: readonly string[] = [...new Set([...credentialTypes, ...Object.keys(NAMES)])];

/** The names that a provider takes beside its own types. */
export const namesFor = (provider: string): string[] =>
  Object.keys(NAMES).filter((name) => meaningsOf(name, provider) !== undefined);

interface Named {
  name: string;
  provider: string;
  /** The names of the values that came with it. */
  sent: string[];
  /** The type that a stored credential has, which it keeps unless the values say another. */
  stored?: CredentialType | undefined;
}

/**
 * The type that a name means for a provider.
 * @throws Refusal "invalid" naming the provider or the type when there is none
 */
export function typeMeant({ name, provider, sent, stored }: Named): CredentialType {
  const own = credentialTypes.find((type) => type === name);
  const meanings = own && findMethod(provider, own) ? undefined : meaningsOf(name, provider);
  // Whether a type of the core's fits is the core's to say.
  if (own && !meanings) return own;
  if (!meanings) throw refused(provider);
  const named = meanings.find(([type, fields]) => fields.some((field) => isSent(provider, type, field, sent)));
  const kept = meanings.find(([type]) => type === stored);
  const [type] = named ?? kept ?? meanings.at(-1) ?? [];
  if (type === undefined) throw refused(provider);
  return type;
}

const meaningsOf = (name: string, provider: string): Meaning[] | undefined => {
  const kinds = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  return kinds && Object.hasOwn(kinds, provider) ? kinds[provider] : undefined;
};

function isSent(provider: string, type: CredentialType, field: string, sent: string[]): boolean {
  const method = findMethod(provider, type);
  return method !== undefined && sent.some((name) => canonicalName(method, name) === field);
}

function refused(provider: string) {
  const found = findProvider(provider);
  if (isOwnKindId(provider)) return invalidField("credential_type", "Is not allowed for this provider", "enum");
  if (!found) return invalidField("provider", "Is not a known provider");
  const allowed = [...found.methods.map(({ type }) => type), ...namesFor(provider)].join(", ");
  return invalidField("credential_type", `Is not allowed for this provider. Allowed: ${allowed}`, "enum");
}
