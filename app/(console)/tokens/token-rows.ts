import "server-only";
import type { TokenRow } from "@/components/tokens/token-actions";
import type { TokensQuery } from "@/components/tokens/tokens-query";
import type { Actor } from "@/lib/authorization/actor";
import { peopleByIds } from "@/lib/identity";
import {
  listTokens,
  pageOfTokens,
  serviceAccountsByIds,
  type TokenPageRequest,
  type TokenView,
  tokensByIds,
} from "@/lib/identity/tokens";
import { assumeOrganization } from "@/lib/organizations";
import type { Page } from "@/lib/platform/pagination";
import { hasPermission, type UserRole } from "@/lib/vocabulary/permissions";

const PAGE = 50;

type Asked = TokensQuery & { after?: string | undefined };

/** One page of tokens with the names of those they act as, for the pages and for their feed. */
export async function tokenRows(actor: Actor, asked: Asked): Promise<Page<TokenRow>> {
  if (asked.whose === "own") return ownRows(actor);
  if (asked.whose === "one") return oneRow(actor, asked.id ?? "");
  const at = asked.organization === undefined ? actor : await assumeOrganization(actor, asked.organization);
  const page = await pageOfTokens(at, { limit: PAGE, after: asked.after, ...filterOf(actor, asked) });
  return { ...page, items: await othersRows(at, page.items) };
}

async function othersRows(actor: Actor, tokens: TokenView[]): Promise<TokenRow[]> {
  const owners = await ownersOf(actor, tokens);
  const [manages, platform] = [
    hasPermission(actor.role, undefined, "token:manage"),
    hasPermission(actor.role, undefined, "platform:manage"),
  ];
  return tokens.map((token) => {
    const owner = owners.get(token.userId ?? token.serviceAccountId ?? "");
    const mayChange = manages && (platform || owner?.role !== "backoffice");
    return { ...token, ownerName: owner?.name ?? "Somebody who is gone", own: false, mayChange };
  });
}

/** One token by its id, one's own or somebody else's; none where it is not there or not for this person to see. */
async function oneRow(actor: Actor, id: string): Promise<Page<TokenRow>> {
  const own = hasPermission(actor.role, undefined, "token:manage_own")
    ? (await ownRows(actor)).items.filter((row) => row.id === id)
    : [];
  const others =
    own.length === 0 && hasPermission(actor.role, undefined, "token:read") ? await tokensByIds(actor, [id]) : [];
  const items = [...own, ...(await othersRows(actor, others))];
  return { items, total: items.length, remaining: 0 };
}

/** One's own are few, and need no right to see others'. */
async function ownRows(actor: Actor): Promise<Page<TokenRow>> {
  const tokens = await listTokens(actor, { owner: { kind: "user", id: actor.id }, limit: 1_000 });
  const items = tokens.map((token) => ({ ...token, ownerName: "You", own: true, mayChange: true }));
  return { items, total: items.length, remaining: 0 };
}

function filterOf(actor: Actor, { whose, id = "" }: Asked): Pick<TokenPageRequest, "owner" | "exceptUser"> {
  if (whose === "person") return { owner: { kind: "user", id } };
  if (whose === "account") return { owner: { kind: "service_account", id } };
  return { exceptUser: actor.id };
}

interface Owner {
  name: string;
  role?: UserRole;
}

async function ownersOf(actor: Actor, tokens: TokenView[]): Promise<Map<string, Owner>> {
  const idsOf = (name: "userId" | "serviceAccountId") => tokens.flatMap((token) => token[name] ?? []);
  const [people, accounts] = await Promise.all([
    peopleByIds(actor, idsOf("userId")),
    serviceAccountsByIds(actor, idsOf("serviceAccountId")),
  ]);
  return new Map([...people, ...accounts].map((owner): [string, Owner] => [owner.id, owner]));
}
