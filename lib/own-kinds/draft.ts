import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { invalidField } from "@/lib/platform/refusal";
import { formOf, type KindForm } from "@/lib/providers/catalog/kind-form";
import { parseWith } from "@/lib/providers/catalog/parse";
import { writtenKind } from "@/lib/providers/catalog/write";
import { judgedKind } from "./definition";

/** How requests to a service are signed, as far as a form asks for it. */
export const draftSchemes = ["bearer", "header", "query", "basic"] as const;

/** What a definition is begun with. */
export interface KindStart {
  label: string;
  /** Where requests go; left out, each credential says it. */
  address?: string | undefined;
  scheme: (typeof draftSchemes)[number];
  /** Of the header or the parameter. */
  name?: string | undefined;
  /** What the test asks for, below the address. */
  path: string;
}

const made = { action: "kind.created" } as const;

/** A definition to go on from, made of what a form asks. Stores nothing. */
export const draftKind = (actor: Actor, start: KindStart): Promise<string> =>
  withAuthorization(actor, "kind:manage", made, async () => draftOf(start));

/**
 * The same from an OpenAPI document: its first server, and the first way of signing that is a key or a password.
 * @throws Refusal "invalid" where it is none, or says neither
 */
export const draftFromOpenApi = (actor: Actor, text: string): Promise<string> =>
  withAuthorization(actor, "kind:manage", made, async () => draftOf(startIn(text)));

/** What a form needs of a definition that need not be stored. @throws Refusal "invalid" naming line and field */
export const formOfText = (actor: Actor, text: string): Promise<KindForm> =>
  withAuthorization(actor, "kind:manage", made, async () => formOf(judgedKind(text)));

function draftOf({ label, address, scheme, name, path }: KindStart): string {
  const secret = { name: "apiKey", kind: "password", label: scheme === "bearer" ? "Token" : "API key" };
  const pair = [
    { name: "username", kind: "text", label: "User name", destination: true },
    { name: "password", kind: "password", label: "Password" },
  ];
  const place = address
    ? []
    : [{ name: "endpoint", kind: "text", label: "Address", placeholder: "https://api.example.com", destination: true }];
  return writtenKind({
    schema: 1,
    id: idOf(label),
    label,
    credential_type: scheme === "basic" ? "user_password" : "api_key",
    fields: [...place, ...(scheme === "basic" ? pair : [secret])],
    authentication: [signed(scheme, name)],
    base_url: address ? address.replace(/\/+$/, "") : { field: "endpoint" },
    test: { path },
  });
}

function signed(scheme: KindStart["scheme"], name: string | undefined) {
  if (scheme === "bearer") return { scheme, token: "{apiKey}" };
  if (scheme === "basic") return { scheme, username: "{username}", password: "{password}" };
  return { scheme, name: name || (scheme === "header" ? "X-API-Key" : "api_key"), value: "{apiKey}" };
}

/** "own_acme_billing" */
const idOf = (label: string): string => {
  const words = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return `own_${words.slice(0, 40) || "kind"}`;
};

const document = z.looseObject({
  info: z.looseObject({ title: z.string().max(500) }).optional(),
  servers: z.array(z.looseObject({ url: z.string().max(500) })).optional(),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.unknown()).optional() }).optional(),
});

const securityScheme = z.union([
  z.looseObject({ type: z.literal("apiKey"), in: z.enum(["header", "query"]), name: z.string().min(1).max(100) }),
  z.looseObject({ type: z.literal("http"), scheme: z.string().regex(/^(?:bearer|basic)$/i) }),
]);

function startIn(text: string): KindStart {
  const found = document.safeParse(read(text));
  if (!found.success) throw invalidField("document", "Is no OpenAPI document");
  const { info, servers = [], components } = found.data;
  const schemes = Object.values(components?.securitySchemes ?? {}).flatMap((one) => {
    const parsed = securityScheme.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  const [scheme] = schemes;
  if (!scheme) throw invalidField("document", "Names no way of signing that is a key, a token or a password");
  const url = servers.map((server) => server.url).find((one) => /^https:\/\/[^\s?#{}]+$/.test(one));
  return {
    label:
      (info?.title ?? "")
        .replace(/[<>\r\n]/g, " ")
        .trim()
        .slice(0, 60) || "My service",
    address: url,
    scheme: scheme.type === "apiKey" ? scheme.in : scheme.scheme.toLowerCase() === "basic" ? "basic" : "bearer",
    ...(scheme.type === "apiKey" && { name: scheme.name }),
    path: "/",
  };
}

/** JSON is read by the platform, which takes any size in its stride; YAML is read within the bounds of a definition's file. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const parsed = parseWith(text, z.unknown(), () => []);
    return parsed.ok ? parsed.value : undefined;
  }
}
