import { type CredentialData, defineProvider, type Method, type Provider } from "../define";
import type { Listing } from "../listing-shape";
import { readPaste } from "../pasting/index";
import { methodSignedIn } from "../sign-in-method";
import { exampleOf, fieldOf, isSecretField } from "./field";
import type { KindForm } from "./kind-form";
import { listingOf } from "./listing-of";
import type { KindField } from "./schema-field";
import { maskedUrl, placeOfUrl } from "./url-place";

/**
 * The provider that a kind's file describes. Programs may store its credentials incomplete and with further fields, as the
 * systems that share these kinds do. Safe for the browser, which gets no more of the file than this needs.
 */
export function providerOf(form: KindForm): Provider {
  const { methods, group: _, monogram: __, ...listed } = listingOf(form);
  return defineProvider({
    ...listed,
    ...(form.docs !== undefined && { docs: form.docs }),
    methods: methods.map((one) => methodOf(form, one)),
  });
}

const SUMMED: KindField["kind"][] = ["text", "number"];

function methodOf({ label, fields, signIn, paste }: KindForm, listed: Listing["methods"][number]): Method {
  const urls = fields.filter(({ kind }) => kind === "url").map(({ name }) => name);
  const shown = fields.filter(
    (field) => field.destination && !field.hidden && SUMMED.includes(field.kind) && !isSecretField(field),
  );
  const signedIn = signIn && methodSignedIn(signIn);
  const { authorization: _, ...rest } = listed;
  return {
    ...rest,
    example: Object.fromEntries(fields.map((field) => [field.name, exampleOf(field)])),
    requiredBy: "forms",
    openFields: true,
    ...(paste && { paste: (text: string) => readPaste(paste, text) }),
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
