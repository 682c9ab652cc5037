import "server-only";
import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, inSight, statement, wholeOf } from "@/lib/platform/db";
import { type ManagedDatabase, managedDatabase, policyForMaking } from "@/lib/platform/net/managed-database";
import { Refusal } from "@/lib/platform/refusal";
import { inSlot, runOperation, testSignIn } from "@/lib/providers/connections";
import type { CredentialData } from "@/lib/providers/define";
import type { TestReport } from "@/lib/providers/report";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { renamed, whyNotMade } from "./create";
import { methodOfRow } from "./methods";
import { newRow } from "./new-row";
import { getCredential } from "./read";
import { credentialsOf } from "./repository";
import { sealedHash } from "./sealed-data";
import { testRunOf } from "./test-runs";
import { createWrite } from "./writes";

/**
 * The database that the platform keeps for an organisation: `tenant_ID`, and the role `tenant_ID_rw`, which may use that
 * database; ID is the organisation's id without its dashes. One for each organisation.
 */
const PROVIDER = "internal_postgresql";
const NAME = "Managed database";
/** Longer than making and trying it take together. */
const LEASE_S = 60;

/**
 * Makes it, and stores the credential that it is used by. Cut off anywhere, the next call takes up what is there: nothing is
 * ever made twice. Where only its credential was deleted, the same database gets a new one.
 * @throws Refusal "invalid" where the operator has named no server; "conflict" when it is there or being made; "over_limit";
 * "external_failure" when the server refuses, "unavailable" when it does not answer
 */
export function createManagedDatabase(
  actor: Actor,
  { name }: { name?: string | undefined } = {},
): Promise<CredentialView> {
  return withAuthorization(actor, "managed_database:create", { action: "database.created" }, async () => {
    const managed = managedDatabase();
    if (!managed) throw notOffered();
    return inSlot(actor, async () => {
      const holder = randomUUID();
      const id = await claim(actor.orgId, holder);
      try {
        const { data, report } = await make(managed, actor.orgId);
        await store(actor, { id, holder, data, report, name });
      } catch (error) {
        await giveBack(actor.orgId, holder);
        throw error;
      }
      return getCredential(actor, id);
    });
  });
}

const notOffered = () =>
  new Refusal(
    "invalid",
    "This installation keeps no databases for its organisations. Whoever runs Latchkey can offer them by setting MANAGED_DATABASE_URL.",
  );

async function claim(orgId: string, holder: string): Promise<string> {
  const [answer] = await statement<{ id: string | null }>(
    "claim_managed_database",
    "SELECT claim_managed_database($1, $2, $3, $4) AS id",
    [orgId, uuidv7(), holder, LEASE_S],
  );
  if (answer?.id) return answer.id;
  throw new Refusal("conflict", "This organisation has its database already, or it is being made right now");
}

const giveBack = (orgId: string, holder: string): Promise<unknown> =>
  inOrganization(orgId, (tx) =>
    tx.managedDatabase.updateMany({ where: { orgId, lease: holder }, data: { lease: null, leaseUntil: null } }),
  ).catch(() => undefined);

async function make(managed: ManagedDatabase, orgId: string) {
  const database = `tenant_${orgId.replaceAll("-", "")}`;
  const role = `${database}_rw`;
  const sslmode = new URLSearchParams(managed.url.split("?")[1]).get("sslmode");
  const policy = policyForMaking(managed);
  const { report: made, found } = await runOperation(
    { provider: PROVIDER, act: "make_database", data: { connection_string: managed.url }, extra: { database, role } },
    { policy },
  );
  if (!found?.password) throw failure(made);
  const data: CredentialData = {
    host: managed.clients.host,
    port: managed.clients.port,
    database,
    username: role,
    password: found.password,
    ...(sslmode && STORED_MODES.includes(sslmode) && { sslmode }),
  };
  const report = await testSignIn(PROVIDER, data);
  if (report.outcome !== "ok") throw failure(report);
  return { data, report };
}

/** The words for encryption that a credential has, too. */
const STORED_MODES = ["disable", "require", "verify-ca", "verify-full"];

/** Of the operator's server, callers learn that it does not work and the code; the rest is in the report's fixed words. */
function failure({ outcome, reason = "unexpected", steps }: TestReport): Refusal {
  const step = steps.find(({ code }) => code === reason);
  const details = { reason, ...(step && { step: step.id }) };
  return outcome === "unreachable"
    ? new Refusal("unavailable", "The server for databases does not answer. Try again later.", {
        details,
        retryAfterSeconds: 30,
      })
    : new Refusal("external_failure", "The server for databases refuses. Ask whoever runs Latchkey.", { details });
}

interface CreatedDatabase {
  id: string;
  holder: string;
  data: CredentialData;
  report: TestReport;
  name: string | undefined;
}

async function store(actor: Actor, { id, holder, data, report, name }: CreatedDatabase): Promise<void> {
  const { orgId } = actor;
  const input = {
    provider: PROVIDER,
    type: "user_password",
    data,
    name: name ?? NAME,
    nameClash: name ? "refuse" : "number",
  } as const;
  const method = methodOfRow(input, input.type);
  const proof = { ...report, hostKey: undefined, reason: report.reason, at: clock.now() };
  // It is the organisation's, whoever asked for it.
  const row = { ...newRow(actor, input, { method, data, proof, ids: { id, externalId: null } }), ownerId: null };
  await inSight(wholeOf(orgId), async (tx) => {
    await lockOrganization(tx, orgId);
    const { count } = await tx.managedDatabase.updateMany({
      where: { orgId, lease: holder, madeAt: null },
      data: { lease: null, leaseUntil: null, madeAt: clock.now() },
    });
    if (count !== 1) throw new Refusal("conflict", "Somebody else has made it meanwhile");
    const mine = credentialsOf(wholeOf(orgId));
    const named = (await mine.isNameTaken(row.nameKey, null)) ? await renamed(actor, row, input) : row;
    const miss = await mine.apply(tx, createWrite(named, testRunOf(actor, 1, proof)));
    if (miss) throw whyNotMade(miss);
    const target = { type: "credential", id, name: named.name } as const;
    await record(
      tx,
      actor,
      { action: "database.created", target },
      {
        action: "credential.created",
        target,
        fields: Object.keys(data),
        version: 1,
        ...(row.keyId && { keyId: row.keyId }),
        sealedHash: sealedHash(row.sealed),
      },
    );
  });
}
