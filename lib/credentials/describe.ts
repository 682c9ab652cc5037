import "server-only";
import { rightsOver } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { clock } from "@/lib/platform/clock";
import { nameKey } from "@/lib/platform/names";
import { type CredentialData, isSecret, type Method, publicData } from "@/lib/providers/define";
import { findProvider } from "@/lib/providers/index";
import type { CredentialStatus, CredentialView } from "@/lib/vocabulary/credential-view";
import { namesOf, type SecretInfo } from "./columns";
import type { ListedRow } from "./repository";
import { lastUse } from "./uses";

/** The clear columns that follow from the data: they are made here and nowhere else, from public facts alone. */
export function clearColumns(method: Method, data: CredentialData) {
  return {
    summary: method.summary(data).slice(0, 500),
    config: publicData(method, data),
    accountEmail: method.account?.(data) ?? null,
    tokenExpiresAt: method.tokenExpiresAt?.(data) ?? null,
    refreshAt: refreshAt(method, data),
  };
}

/** How long before its end an access token is renewed ahead of time, at most. */
const AHEAD_MS = 5 * 60_000;

/**
 * When the background may renew access: shortly before it ends, and not for all credentials at the same moment. What
 * cannot be renewed is looked at when it has ended, to say that somebody must sign in.
 */
function refreshAt(method: Method, data: CredentialData): Date | null {
  const endsAt = method.authorization && method.tokenExpiresAt?.(data);
  if (!endsAt) return null;
  if (!method.renewal?.(data)) return endsAt;
  const ahead = Math.min(AHEAD_MS, Math.max(0, endsAt.getTime() - clock.now().getTime()) / 4);
  return new Date(endsAt.getTime() - ahead * (0.75 + Math.random() / 2));
}

/** What lists search in. */
export function searchText(row: {
  id: string;
  externalId: string | null;
  provider: string;
  name: string;
  tags: string[];
  summary: string;
  accountEmail: string | null;
}) {
  const label = findProvider(row.provider)?.label ?? "";
  return nameKey(
    [
      row.name,
      row.provider,
      label,
      row.summary,
      row.accountEmail ?? "",
      ...row.tags,
      row.id,
      row.externalId ?? "",
    ].join("\n"),
  );
}

/** When and by whom each secret was set: kept for those that did not change, now and `by` for those that did. */
export function secretInfo(
  method: Method,
  before: { data: CredentialData; info: Record<string, SecretInfo> } | undefined,
  after: CredentialData,
  by: string,
): Record<string, SecretInfo> {
  const fresh: SecretInfo = { setAt: clock.now().toISOString(), setBy: by };
  const set = Object.keys(after).filter((name) => isSecret(method, name));
  return Object.fromEntries(
    set.map((name) => [name, before?.data[name] === after[name] ? (before?.info[name] ?? fresh) : fresh]),
  );
}

/** As it is shown to this actor, with what they may do with it. */
export function toView(actor: Actor, row: ListedRow): CredentialView {
  return {
    ...plainOf(row),
    secrets: row.secretInfo,
    ownerName: row.ownerName,
    status: statusOf(row),
    health: healthOf(row),
    rights: rightsOver(actor, row.granted),
    lastUsedAt: lastUse(row)?.toISOString() ?? null,
  };
}

const viewed = namesOf("view");
type Viewed = Pick<CredentialView, (typeof viewed)[number]>;

function plainOf(row: ListedRow): Viewed {
  const plain: Record<string, unknown> = {};
  for (const name of viewed) {
    const value = row[name];
    plain[name] = value instanceof Date ? value.toISOString() : value;
  }
  return plain as Viewed;
}

function healthOf(row: ListedRow): CredentialView["health"] {
  if (!row.health || !row.healthAt) return null;
  return {
    outcome: row.health as NonNullable<CredentialView["health"]>["outcome"],
    reason: row.healthReason,
    testedAt: row.healthAt.toISOString(),
    current: row.healthVersion === row.sealedVersion,
  };
}

const statusOf = (row: ListedRow): CredentialStatus =>
  !row.active
    ? "inactive"
    : row.needsReauth
      ? "needs_reauth"
      : row.expiresAt && row.expiresAt <= clock.now()
        ? "expired"
        : "active";
