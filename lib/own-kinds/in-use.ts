import "server-only";
import type { Transaction } from "@/lib/platform/db";
import { isSecretField } from "@/lib/providers/catalog/field";
import type { PathProblem } from "@/lib/providers/catalog/problem";
import type { Kind } from "@/lib/providers/catalog/schema";
import type { KindField } from "@/lib/providers/catalog/schema-field";
import { isDriverTest } from "@/lib/providers/catalog/schema-test";

/** What live credentials have of a kind. */
export interface InUse {
  credentials: number;
  types: string[];
  /** Names of values that any of them keeps secret, and of those that any of them shows. */
  secret: string[];
  shown: string[];
}

/** Call under the organisation's lock where the answer must stay true. */
export async function inUse(tx: Transaction, orgId: string, kind: string): Promise<InUse> {
  const [found] = await tx.$queryRaw<InUse[]>`
    WITH live AS MATERIALIZED (SELECT type, secret_info, config FROM credential
      WHERE org_id = ${orgId}::uuid AND provider = ${kind} AND deleted_at IS NULL)
    SELECT (SELECT count(*)::int FROM live) AS credentials,
      ARRAY(SELECT DISTINCT type FROM live ORDER BY 1) AS types,
      ARRAY(SELECT DISTINCT k FROM live, jsonb_object_keys(secret_info) k ORDER BY 1) AS secret,
      ARRAY(SELECT DISTINCT k FROM live, jsonb_object_keys(config) k ORDER BY 1) AS shown`;
  return found ?? { credentials: 0, types: [], secret: [], shown: [] };
}

/** Names of the first credentials of a kind, for whoever has to look after them before it can go. */
export async function usesOf(tx: Transaction, orgId: string, kind: string): Promise<string[]> {
  const rows = await tx.credential.findMany({
    where: { orgId, provider: kind, deletedAt: null },
    orderBy: { nameKey: "asc" },
    select: { name: true },
    take: 20,
  });
  return rows.map(({ name }) => name);
}

/** Facts that are shown of a URL, beside the fields (lib/providers/catalog/provider). */
const FACTS = ["host", "url"];

/**
 * What a definition must leave as it is for the credentials that are stored: the type; what is kept secret stays secret, and what
 * is shown stays shown; and where secrets go. Credentials that an earlier import has left under this id are such as well.
 * Ask only where there are any.
 */
export function brokenBy(next: Kind, before: Kind | undefined, used: InUse): PathProblem[] {
  const fields = new Map(next.fields.map((field) => [field.name, field]));
  const was = new Map(before?.fields.map((field) => [field.name, field]));
  return [
    ...(used.types.every((type) => type === next.credential_type)
      ? []
      : [
          {
            path: ["credential_type"],
            message: "Must stay as it is: credentials of this kind are stored with another",
          },
        ]),
    ...secrecyProblems(next, fields, was, used),
    ...(before ? [...placeProblems(next, before), ...destinationProblems(next, was)] : []),
  ];
}

type Fields = ReadonlyMap<string, KindField>;

function secrecyProblems(next: Kind, fields: Fields, was: Fields, { secret, shown }: InUse): PathProblem[] {
  const revealed = next.fields.flatMap((field, at) =>
    secret.includes(field.name) && !isSecretField(field)
      ? [{ path: ["fields", at, "kind"], message: "Must stay a secret: stored credentials hold one under this name" }]
      : [],
  );
  const values = shown.filter((name) => !FACTS.includes(name) || was.has(name));
  const hidden = values.flatMap((name) => {
    const at = next.fields.findIndex((field) => field.name === name);
    const field = fields.get(name);
    if (!field)
      return [{ path: ["fields"], message: `Must keep ${name}, which stored credentials show. It may be optional` }];
    return isSecretField(field)
      ? [{ path: ["fields", at, "kind"], message: "Must stay shown: stored credentials show a value under this name" }]
      : [];
  });
  return [...revealed, ...hidden];
}

const STAYS =
  "Must stay as it is while credentials of this kind are stored: their secrets are not sent to a place they were not stored for";

function placeProblems(next: Kind, before: Kind): PathProblem[] {
  const changed = (name: string, of: (kind: Kind) => unknown) =>
    JSON.stringify(of(next)) === JSON.stringify(of(before)) ? [] : [{ path: name.split("."), message: STAYS }];
  return [
    ...changed("base_url", ({ base_url }) => base_url),
    ...changed("test.url", ({ test }) => test && !isDriverTest(test) && test.url?.split("/").slice(0, 3).join("/")),
    ...changed("test.driver", ({ test }) => test && isDriverTest(test) && [test.driver, test.values, test.fixed]),
  ].slice(0, 2);
}

/** What has decided where a secret goes goes on to do so. */
const destinationProblems = (next: Kind, was: Fields): PathProblem[] =>
  next.fields.flatMap((field, at) => {
    const old = was.get(field.name);
    const isLost = (old?.destination && !field.destination) || (old?.kind === "url" && field.kind !== "url");
    return isLost ? [{ path: ["fields", at, "destination"], message: STAYS }] : [];
  });
