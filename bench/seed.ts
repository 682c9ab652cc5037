import { randomBytes } from "node:crypto";
import { grantAccess } from "@/lib/access";
import { sealData } from "@/lib/credentials/sealed-data";
import { createUser } from "@/lib/identity";
import { createServiceAccount, issueToken } from "@/lib/identity/tokens";
import { createOrganization, platformActor, updateOrganization } from "@/lib/organizations";
import { disconnect, inSight, wholeOf } from "@/lib/platform/db";
import { ready } from "@/lib/platform/readiness";

/** Fills the database for the benchmark: one organisation per size, every credential really sealed. Prints what to use. */
const CHUNK = 2_000;

async function organization(count: number) {
  const operator = platformActor("benchmark-seed");
  const { id: orgId } = await createOrganization(operator, { name: `Benchmark ${count}` });
  const inside = platformActor("benchmark-seed", orgId);
  await updateOrganization(inside, orgId, { maxPerProvider: 1_000_000, maxPerUser: 1_000_000 });
  const password = `bench-${randomBytes(12).toString("hex")}`;
  const user = await createUser(inside, { email: `bench-${count}@example.test`, role: "org_admin", password });
  const account = await createServiceAccount(inside, { name: "benchmark" });
  const subject = { kind: "service_account", id: account.id } as const;
  await grantAccess(inside, { subject, reach: "all", key: "", rights: ["use", "manage"] });
  for (let from = 0; from < count; from += CHUNK) await fill(orgId, user.id, from, Math.min(from + CHUNK, count));
  const token = async (kind: "user" | "service_account", id: string) =>
    (await issueToken(inside, { name: "benchmark", scopes: ["all"], owner: { kind, id } })).token;
  return {
    count,
    orgId,
    email: user.email,
    password,
    userToken: await token("user", user.id),
    programToken: await token("service_account", account.id),
  };
}

/** Ids that pgbench can work out from a number as well. */
const idOf = (n: number) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

async function fill(orgId: string, ownerId: string, from: number, to: number): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, offset) => rowOf(orgId, ownerId, from + offset));
  await inSight(wholeOf(orgId), (tx) => tx.credential.createMany({ data: rows }));
}

function rowOf(orgId: string, ownerId: string, n: number) {
  const [id, provider, type] = [idOf(n), "sftp", "user_password"] as const;
  const data = { host: `sftp${n}.example.com`, port: 22, username: "alice", password: `password ${n}`, test_path: "/" };
  const { sealed, keyId } = sealData({ orgId, id, provider, type, sealedVersion: 1 }, data);
  const summary = `${data.host}:22 as alice`;
  const at = new Date(Date.now() - n * 1_000);
  return {
    orgId,
    id,
    ownerId,
    provider,
    type,
    name: `Server ${n}`,
    nameKey: `server ${n}`,
    tags: [`team-${n % 20}`],
    summary,
    search: `server ${n}\nsftp\n${summary}`,
    config: { host: data.host, port: 22, username: "alice", test_path: "/" },
    secretInfo: { password: { setAt: at.toISOString(), setBy: "benchmark" } },
    sealed: new Uint8Array(sealed),
    keyId,
    createdAt: at,
    updatedAt: at,
    modifiedBy: "benchmark",
  };
}

await ready();
const seeded = [];
for (const size of process.argv.slice(2)) seeded.push(await organization(Number(size)));
await disconnect();
process.stdout.write(`${JSON.stringify(seeded)}\n`);
