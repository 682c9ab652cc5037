import { type CredentialData, defineProvider, type Method, type Provider } from "../define";
import type { Listing } from "../listing";
import { signedInFor } from "../own-client";
import { fieldOf } from "./field";
import { httpTests } from "./http-tests";
import { listings } from "./listings";
import type { DeclaredInput } from "./shape";
import { types } from "./types";
import { maskedUrl, placeOfUrl } from "./url-place";

const SUMMED: DeclaredInput["kind"][] = ["text", "number"];

/**
 * Kinds of credentials that are declared as data: names in `names.ts`, fields in `types.ts`. Programs may store them
 * incomplete and with further fields, as the systems that share these kinds do.
 */
export const definitions: Provider[] = listings.map(({ group: _, methods, ...listed }) => {
  const docs = httpTests[listed.id]?.docs;
  return defineProvider({ ...listed, methods: methods.map((one) => methodOf(listed, one)), ...(docs && { docs }) });
});

function methodOf({ id, label }: Pick<Provider, "id" | "label">, listed: Listing["methods"][number]): Method {
  const inputs = types[id]?.inputs ?? [];
  const urls = inputs.filter(({ kind }) => kind === "url").map(({ name }) => name);
  const shown = inputs.filter((input) => input.place && !input.hidden && SUMMED.includes(input.kind));
  return {
    ...listed,
    fields: Object.fromEntries(inputs.map((input) => [input.name, fieldOf(input)])),
    example: Object.fromEntries(inputs.map((input) => [input.name, exampleOf(input)])),
    requiredBy: "forms",
    openFields: true,
    summary: (data) => summary(label, placeOf(urls, data), shown, data),
    publicFacts: (data): CredentialData => {
      const [host, url] = [placeOf(urls, data), maskedUrl(String(data[urls[0] ?? ""] ?? ""))];
      return { ...(host !== undefined && { host }), ...(url !== undefined && { url }) };
    },
    // A URL that cannot be taken apart stands for itself as a whole: changed in whatever way, it is another place.
    destination: (data) => JSON.stringify(urls.map((name) => placeOfUrl(String(data[name])) ?? data[name] ?? null)),
    ...(listed.type === "oauth2" && signedInFor),
  };
}

const placeOf = (urls: string[], data: CredentialData) =>
  urls.map((name) => placeOfUrl(String(data[name] ?? ""))).find((place) => place !== undefined);

/** "Redis API: cache.example.com:6379 as app": the public facts that say where, and as whom. */
function summary(label: string, host: string | undefined, inputs: DeclaredInput[], data: CredentialData): string {
  let told = host ?? "";
  for (const { name, kind } of inputs) {
    const value = data[name];
    if (value === undefined) continue;
    const joint = kind === "number" ? ":" : /user/i.test(name) ? " as " : told === "" ? "" : ", ";
    told += `${joint}${value}`;
  }
  return told === "" ? label : `${label}${told.startsWith(" ") || told.startsWith(":") ? "" : ": "}${told}`;
}

/** Made-up values for the documentation. */
function exampleOf({ kind, name, default: preset, options }: DeclaredInput): string | number | boolean {
  if (kind === "boolean") return true;
  if (kind === "number") return Number(preset ?? 1);
  if (kind === "options") return options?.[0]?.name ?? "";
  if (kind === "url") return "https://user:example-password@db.example.com/app";
  return preset || `example-${name}`;
}
