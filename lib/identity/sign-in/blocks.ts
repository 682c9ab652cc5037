import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { recordAlone, withAuthorization } from "@/lib/platform/audit";
import { whileAuthenticating } from "@/lib/platform/db";
import { networkOf } from "@/lib/platform/fair-share/network";
import { nameKey } from "@/lib/platform/names";
import { type CounterName, liftAll, liftOf, listBlocked } from "./backoff";
import { accountKey } from "./devices";

/** Somebody or some place that has to wait before the next sign-in is judged. */
export interface Block {
  kind: "account" | "account_at_network" | "account_in_browser" | "network";
  /** The account's address where it is one of ours; null for one that nobody here has. */
  email: string | null;
  network: string | null;
  until: string;
}

const KINDS: Record<CounterName, Block["kind"]> = {
  "sign-in": "account_at_network",
  "sign-in-account": "account",
  "sign-in-device": "account_in_browser",
  "sign-in-network": "network",
};

/** Who is slowed at signing in now. For the operator. @throws Refusal "forbidden" for anybody else */
export const signInBlocks = (actor: Actor): Promise<Block[]> =>
  withAuthorization(actor, "platform:manage", UNBLOCKED, blocks);

const UNBLOCKED = { action: "user.unblocked" } as const;

async function blocks(): Promise<Block[]> {
  const slowed = await listBlocked();
  const accounts = new Set(slowed.flatMap(({ counter, of }) => (counter === "sign-in-network" ? [] : [accountIn(of)])));
  const emails = await emailsOf(accounts);
  return slowed.map(({ counter, of, until }) => ({
    kind: KINDS[counter],
    email: counter === "sign-in-network" ? null : (emails.get(accountIn(of)) ?? null),
    network: counter === "sign-in-network" ? of : counter === "sign-in" ? of.slice(accountIn(of).length + 1) : null,
    until: until.toISOString(),
  }));
}

const accountIn = (of: string): string => of.split("/", 1)[0] ?? "";

/** Everything that is counted of this account, everywhere, is forgotten; it is on record where the account is known. */
export const unblockPerson = (actor: Actor, email: string): Promise<number> =>
  withAuthorization(actor, "platform:manage", UNBLOCKED, () => liftPerson(actor, email));

async function liftPerson(actor: Actor, email: string): Promise<number> {
  const lifted = await liftOf(["sign-in", "sign-in-account", "sign-in-device"], accountKey(email));
  const people = await whileAuthenticating((tx) =>
    tx.user.findMany({ where: { emailKey: nameKey(email.trim()) }, select: { orgId: true, id: true, email: true } }),
  );
  for (const { orgId, id, email: name } of people)
    await recordAlone({ ...actor, orgId }, { action: "user.unblocked", target: { type: "user", id, name } });
  return lifted;
}

/** Everything that is counted of the network of this address is forgotten, but what is counted of accounts. */
export const unblockAddress = (actor: Actor, address: string): Promise<number> =>
  withAuthorization(actor, "platform:manage", UNBLOCKED, () => liftOf(["sign-in-network"], networkOf(address.trim())));

/** All counts of all sign-ins are forgotten. */
export const unblockAll = (actor: Actor): Promise<number> =>
  withAuthorization(actor, "platform:manage", UNBLOCKED, liftAll);

const PAGE = 5_000;

/** Accounts are counted under keyed hashes, so each known address is tried. */
async function emailsOf(accounts: ReadonlySet<string>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let after = "";
  while (found.size < accounts.size) {
    const people = await whileAuthenticating((tx) =>
      tx.user.findMany({
        where: { emailKey: { gt: after } },
        distinct: ["emailKey"],
        select: { email: true, emailKey: true },
        orderBy: { emailKey: "asc" },
        take: PAGE,
      }),
    );
    for (const { email, emailKey } of people) {
      const account = accountKey(emailKey);
      if (accounts.has(account)) found.set(account, email);
    }
    if (people.length === 0) break;
    after = people.at(-1)?.emailKey ?? "";
  }
  return found;
}
