import "server-only";
import type { ApiToken, TokenSecret } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { TokenLimits } from "@/lib/vocabulary/access";
import { storedLimits } from "./limits";

export interface TokenView {
  id: string;
  name: string;
  description: string | null;
  /** The first characters and the last four of the current secret; both empty when none of it may be shown. */
  prefix: string;
  lastFour: string;
  /** False for a token without a secret: nobody can sign in with it until it is rotated. */
  hasSecret: boolean;
  /** True when the secret is too easy to guess: it does not sign in until it is rotated. */
  weak: boolean;
  /** What stands for the secret wherever it is not shown; sent back in a change, it means "as it is". */
  mask: string;
  /** Earlier secrets that still sign in. */
  superseded: SupersededSecret[];
  scopes: string[];
  /** What it is narrowed to, within what its owner may do; null: to nothing. */
  limits: TokenLimits | null;
  /** It was there before tokens could be narrowed, and nobody has decided about that since. */
  unlimitedFromBefore: boolean;
  graphGuids: string[];
  status: "active" | "inactive" | "expired" | "revoked";
  /** The switch alone, whatever the expiry says. */
  active: boolean;
  version: number;
  expiresAt: string | null;
  lastUsedAt: string | null;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
  userId: string | null;
  serviceAccountId: string | null;
}

export interface SupersededSecret {
  prefix: string;
  lastFour: string;
  until: string;
  /** Null: not once since it was replaced. */
  lastUsedAt: string | null;
}

/** The views of rows that belong to one organisation; one query for all their secrets. */
export async function viewsOf(tx: Transaction, orgId: string, rows: ApiToken[]): Promise<TokenView[]> {
  if (rows.length === 0) return [];
  const secrets = await tx.tokenSecret.findMany({
    where: { orgId, tokenId: { in: rows.map((row) => row.id) } },
    orderBy: { madeAt: "desc" },
  });
  const byToken = new Map<string, TokenSecret[]>();
  for (const secret of secrets) byToken.set(secret.tokenId, [...(byToken.get(secret.tokenId) ?? []), secret]);
  return rows.map((row) => toView(row, byToken.get(row.id) ?? []));
}

/** @throws Error when the row is not there, which a caller that just wrote it need not expect */
export async function viewOf(tx: Transaction, row: ApiToken): Promise<TokenView> {
  const [view] = await viewsOf(tx, row.orgId, [row]);
  if (!view) throw new Error("a token without a view");
  return view;
}

function toView(row: ApiToken, secrets: TokenSecret[]): TokenView {
  const current = secrets.find((secret) => secret.kind === "current");
  const now = clock.now();
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    prefix: current?.prefix ?? "",
    lastFour: current?.lastFour ?? "",
    hasSecret: current !== undefined,
    weak: current?.weak ?? false,
    mask: maskOf(current),
    superseded: secrets.flatMap((secret) =>
      secret.kind === "superseded" && secret.expiresAt && secret.expiresAt > now
        ? [
            {
              prefix: secret.prefix,
              lastFour: secret.lastFour,
              until: secret.expiresAt.toISOString(),
              lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
            },
          ]
        : [],
    ),
    scopes: row.scopes,
    limits: storedLimits(row.limits),
    unlimitedFromBefore: row.unlimitedFromBefore,
    graphGuids: row.graphGuids,
    status: statusOf(row),
    active: row.active,
    version: row.version,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    modifiedBy: row.modifiedBy,
    userId: row.userId,
    serviceAccountId: row.serviceAccountId,
  };
}

/** No token holds an asterisk (RFC 6750), so a mask is never mistaken for one. */
export const maskOf = (secret: Pick<TokenSecret, "prefix" | "lastFour"> | undefined): string =>
  secret ? `${secret.prefix}********${secret.lastFour}` : "";

function statusOf(row: ApiToken): TokenView["status"] {
  if (row.revokedAt) return "revoked";
  if (row.expiresAt && row.expiresAt <= clock.now()) return "expired";
  return row.active ? "active" : "inactive";
}

export const inUse = (): Refusal =>
  new Refusal("conflict", "This token is already in use: choose another", {
    fields: [{ path: ["token"], message: "Is already in use", code: "taken" }],
  });

export const targetOf = (row: Pick<ApiToken, "id" | "name">) =>
  ({ type: "api_token", id: row.id, name: row.name }) as const;
