import { type Category, type CredentialData, defineProvider, type Method, type Provider } from "../define";
import { fieldOf } from "./field";
import { names } from "./names";
import { signedInFor } from "./own-client";
import type { DeclaredInput, DeclaredName, Group } from "./shape";
import { types } from "./types";
import { maskedUrl, placeOfUrl } from "./url-place";

const CATEGORIES: Record<Group, Category> = {
  models: "agent_in_the_loop",
  data: "database",
  search: "automation",
  work: "automation",
  observe: "automation",
  generic: "automation",
};

const METHOD_LABELS: Record<DeclaredName["type"], string> = {
  api_key: "API key",
  user_password: "User name and password",
  oauth2: "OAuth application",
  google_oauth: "Sign in with Google",
  sharepoint_oauth: "Sign in with Microsoft",
  key_file: "Key file",
};

const SUMMED: DeclaredInput["kind"][] = ["text", "number"];

/**
 * Kinds of credentials that are declared as data: names in `names.ts`, fields in `types.ts`. Programs may store them
 * incomplete and with further fields, as the systems that share these kinds do.
 */
export const definitions: Provider[] = Object.entries(names).map(([id, named]) =>
  defineProvider({
    id,
    label: named.label,
    description: named.description,
    category: CATEGORIES[named.group],
    aliases: named.aliases,
    methods: [methodOf(id, named)],
    ...(named.sameAs && { sameAs: named.sameAs }),
  }),
);

function methodOf(id: string, { label, type, test }: DeclaredName): Method {
  const inputs = types[id]?.inputs ?? [];
  const urls = inputs.filter(({ kind }) => kind === "url").map(({ name }) => name);
  const shown = inputs.filter((input) => input.place && !input.hidden && SUMMED.includes(input.kind));
  return {
    type,
    label: METHOD_LABELS[type],
    fields: Object.fromEntries(inputs.map((input) => [input.name, fieldOf(input)])),
    example: Object.fromEntries(inputs.map((input) => [input.name, exampleOf(input)])),
    requiredBy: "forms",
    openFields: true,
    summary: (data) => summary(label, [placeOf(urls, data), ...shown.map(({ name }) => data[name])]),
    publicFacts: (data): CredentialData => {
      const [host, url] = [placeOf(urls, data), maskedUrl(String(data[urls[0] ?? ""] ?? ""))];
      return { ...(host !== undefined && { host }), ...(url !== undefined && { url }) };
    },
    // A URL that cannot be taken apart stands for itself as a whole: changed in whatever way, it is another place.
    destination: (data) => JSON.stringify(urls.map((name) => placeOfUrl(String(data[name])) ?? data[name] ?? null)),
    obtainedBy: "values",
    ...(type === "oauth2" && signedInFor),
    testable: test !== undefined,
    ...(test && test.needs.length > 0 && { testNeeds: test.needs }),
  };
}

const placeOf = (urls: string[], data: CredentialData) =>
  urls.map((name) => placeOfUrl(String(data[name] ?? ""))).find((place) => place !== undefined);

const summary = (label: string, facts: (string | number | boolean | undefined)[]): string => {
  const told = facts.filter((fact) => fact !== undefined && fact !== "").join(", ");
  return told === "" ? label : `${label}: ${told}`;
};

/** Made-up values for the documentation. */
function exampleOf({ kind, name, default: preset, options }: DeclaredInput): string | number | boolean {
  if (kind === "boolean") return true;
  if (kind === "number") return Number(preset ?? 1);
  if (kind === "options") return options?.[0]?.name ?? "";
  if (kind === "url") return "https://user:example-password@db.example.com/app";
  return preset || `example-${name}`;
}
