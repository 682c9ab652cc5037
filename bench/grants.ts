import { grantAccess } from "@/lib/access";
import { createServiceAccount, issueToken } from "@/lib/identity/tokens";
import { platformActor } from "@/lib/organizations";
import { disconnect, inSight, wholeOf } from "@/lib/platform/db";
import { ready } from "@/lib/platform/readiness";

/**
 * Fills an organisation of the benchmark with 10,000 grants: to programs that reach a part of it each in a way of its own,
 * and the rest to a hundred other programs. Prints their tokens.
 */
const GRANTS = 10_000;
const BY_NAME = 3_000;
const OTHERS = 100;

const [orgId = "", count = "0"] = process.argv.slice(2);
const inside = platformActor("benchmark-seed", orgId);
const idOf = (n: number) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

async function program(name: string) {
  const { id } = await createServiceAccount(inside, { name });
  const { token } = await issueToken(inside, { name, scopes: ["all"], owner: { kind: "service_account", id } });
  return { id, token };
}

/** Over credentials by name, many at once: as `grantAccess` stores them, without an event for each. */
async function byName(grants: { subject: string; n: number }[]) {
  const by = { reason: null, grantedById: "seed", grantedBy: "benchmark-seed" };
  const data = grants.map(({ subject, n }) => ({
    ...{ orgId, id: crypto.randomUUID(), subjectKind: "service_account", subjectId: subject, ...by },
    ...{ reach: "credential", reachKey: idOf(n), credentialId: idOf(n), right: "use" },
  }));
  await inSight(wholeOf(orgId), (tx) => tx.accessGrant.createMany({ data, skipDuplicates: true }));
}

await ready();
const [named, tagged, kind] = [await program("by name"), await program("by tag"), await program("by kind")];
await byName(Array.from({ length: BY_NAME }, (_, n) => ({ subject: named.id, n })));
const use = { rights: ["use" as const] };
await grantAccess(inside, { subject: { kind: "service_account", id: tagged.id }, reach: "tag", key: "team-3", ...use });
await grantAccess(inside, { subject: { kind: "service_account", id: kind.id }, reach: "kind", key: "sftp", ...use });

const others: string[] = [];
for (let at = 0; at < OTHERS; at++) others.push((await program(`other ${at}`)).id);
const rest = GRANTS - BY_NAME - 2;
await byName(
  Array.from({ length: rest }, (_, at) => ({ subject: others[at % OTHERS] ?? "", n: (at * 7919) % Number(count) })),
);
await disconnect();
process.stdout.write(
  `${JSON.stringify({ named: named.token, tagged: tagged.token, kind: kind.token, byName: BY_NAME })}\n`,
);
