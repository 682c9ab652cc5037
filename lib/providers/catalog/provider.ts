import { type CredentialData, type CredentialType, defineProvider, type Method, type Provider } from "../define";
import { CATEGORY_OF, type Listing } from "../listing-shape";
import { methodSignedIn } from "../sign-in-method";
import { exampleOf, fieldOf } from "./field";
import type { KindForm, KindRow } from "./kind-form";
import type { KindField } from "./schema-field";
import { maskedUrl, placeOfUrl } from "./url-place";

/**
 * The provider that a kind's file describes. Programs may store its credentials incomplete and with further fields, as the
 * systems that share these kinds do. Safe for the browser, which gets no more of the file than this needs.
 */
export function providerOf(form: KindForm): Provider {
  const { methods, group: _, monogram: __, ...listed } = listingOf(form);
  return defineProvider({ ...listed, methods: methods.map((one) => methodOf(form, one)) });
}

/** A kind as lists and the picker have it. */
export const listingOf = (row: KindRow): Listing => ({
  id: row.id,
  label: row.label,
  group: row.group,
  aliases: row.aliases,
  description: row.description,
  ...(row.docs !== undefined && { docs: row.docs }),
  ...(row.same_as !== undefined && { sameAs: row.same_as }),
  monogram: row.label.replace(/[^A-Za-z0-9]/g, "").slice(0, 2),
  category: CATEGORY_OF[row.group],
  methods: [
    {
      type: row.credential_type,
      label: METHOD_LABELS[row.credential_type],
      obtainedBy: row.signIn?.client === "operator" ? "authorization" : "values",
      testable: row.testable,
      ...(row.needs && row.needs.length > 0 && { testNeeds: row.needs }),
      ...(row.signIn && { authorization: methodSignedIn(row.signIn).authorization }),
    },
  ],
});

const METHOD_LABELS: Record<CredentialType, string> = {
  api_key: "API key",
  user_password: "User name and password",
  oauth2: "OAuth application",
  google_oauth: "Sign in with Google",
  sharepoint_oauth: "Sign in with Microsoft",
  key_file: "Key file",
  client_credentials: "Client credentials",
  shared_access_signature: "Shared access signature",
};

const SUMMED: KindField["kind"][] = ["text", "number"];

function methodOf({ label, fields, signIn }: KindForm, listed: Listing["methods"][number]): Method {
  const urls = fields.filter(({ kind }) => kind === "url").map(({ name }) => name);
  const shown = fields.filter(({ destination, hidden, kind }) => destination && !hidden && SUMMED.includes(kind));
  const signedIn = signIn && methodSignedIn(signIn);
  return {
    ...listed,
    example: Object.fromEntries(fields.map((field) => [field.name, exampleOf(field)])),
    requiredBy: "forms",
    openFields: true,
    summary: (data) => summary(label, placeOf(urls, data), shown, data),
    publicFacts: (data): CredentialData => {
      const [host, url] = [placeOf(urls, data), maskedUrl(String(data[urls[0] ?? ""] ?? ""))];
      return { ...(host !== undefined && { host }), ...(url !== undefined && { url }) };
    },
    // A URL that cannot be taken apart stands for itself as a whole: changed in whatever way, it is another place.
    destination: (data) => JSON.stringify(urls.map((name) => placeOfUrl(String(data[name])) ?? data[name] ?? null)),
    ...signedIn,
    fields: { ...Object.fromEntries(fields.map((field) => [field.name, fieldOf(field)])), ...signedIn?.fields },
  };
}

const placeOf = (urls: string[], data: CredentialData) =>
  urls.map((name) => placeOfUrl(String(data[name] ?? ""))).find((place) => place !== undefined);

/** "Redis API: cache.example.com:6379 as app": the public facts that say where, and as whom. */
function summary(label: string, host: string | undefined, fields: KindField[], data: CredentialData): string {
  let told = host ?? "";
  for (const { name, kind } of fields) {
    const value = data[name];
    if (value === undefined) continue;
    const joint = kind === "number" ? ":" : /user/i.test(name) ? " as " : told === "" ? "" : ", ";
    told += `${joint}${value}`;
  }
  return told === "" ? label : `${label}${told.startsWith(" ") || told.startsWith(":") ? "" : ": "}${told}`;
}
