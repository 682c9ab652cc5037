import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { AuditEntry, Write } from "@/lib/platform/audit";
import { asJson } from "@/lib/platform/audit/audit-writer";
import { chain } from "@/lib/platform/audit/chain";
import { lockOrganization } from "@/lib/platform/audit/record";
import { verifyChains } from "@/lib/platform/audit/verify";
import { inOrganization, inSight, statement, wholeOf } from "@/lib/platform/db";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { changeOf } from "./change-row";
import { createCredential, fetchSecret, getCredential } from "./index";
import { methodFor } from "./methods";
import { newRow } from "./new-row";
import { credentialsOf, type Row } from "./repository";
import { createWrite, deleteWrite, updateWrite } from "./writes";

/** Instances of the version before, which run beside this one for the time of an upgrade: what they call goes on working. */
const inBase64 = ({ sealed, ...write }: Write) => ({ ...write, ...(sealed && { sealed: sealed.toString("base64") }) });

/** As their journal stores an event and its write. */
async function store(own: Tenant, entry: AuditEntry, write: object): Promise<string | undefined> {
  const head = await inSight(wholeOf(own.orgId), (tx) => lockOrganization(tx, own.orgId));
  const event = chain(head, own.user, entry);
  const [answer] = await statement<{ outcome: string }>(
    "earlier_write_events",
    "SELECT * FROM write_events($1, $2, $3, $4, $5, $6, $7)",
    [
      own.orgId,
      String(head.seq),
      head.hash,
      String(event.seq),
      event.hash,
      JSON.stringify([asJson(event)]),
      JSON.stringify([write]),
    ],
  );
  return answer?.outcome;
}

async function rowOf(own: Tenant, id: string): Promise<Row> {
  const row = await credentialsOf(wholeOf(own.orgId)).find(id);
  if (!row) throw new Error("not stored");
  return row;
}

const values = sftpValues();
const input = { provider: "sftp", type: "user_password", data: values } as const;
const madeBy = (own: Tenant) =>
  newRow(
    own.user,
    { ...input, name: randomUUID() },
    {
      method: methodFor("sftp", "user_password"),
      data: values,
      proof: undefined,
      ids: { id: randomUUID(), externalId: null },
    },
  );

describe("beside an instance of the version before", () => {
  test("what it creates, changes and deletes is stored as this version stores it, and the log verifies", async () => {
    const own = await tenant();
    const made = madeBy(own);
    const target = { type: "credential", id: made.id } as const;
    expect(await store(own, { action: "credential.created", target }, inBase64(createWrite(made)))).toBe("stored");
    expect((await fetchSecret(own.program, made.id)).data).toEqual(values);
    const row = await rowOf(own, made.id);
    const renamed = updateWrite({
      ...changeOf(row, { by: "x", named: { name: "renamed" } }),
      ...{ sealed: row.sealed, keyId: row.keyId },
    });
    expect(await store(own, { action: "credential.updated", target }, inBase64(renamed))).toBe("stored");
    expect(await getCredential(own.user, made.id)).toMatchObject({ name: "renamed", version: 2 });
    expect((await fetchSecret(own.program, made.id)).data).toEqual(values);
    const { name, provider, type, accountEmail, keyId, sealedVersion } = row;
    const revocation = {
      name,
      provider,
      type,
      accountEmail,
      keyId,
      sealedVersion,
      sealed: row.sealed.toString("base64"),
    };
    const gone = {
      ...deleteWrite(
        { id: made.id, version: 2 },
        { at: new Date(), by: "x", revocation: false, sight: wholeOf(own.orgId) },
      ),
      revocation,
    };
    expect(await store(own, { action: "credential.deleted", target }, gone)).toBe("stored");
    expect(await credentialsOf(wholeOf(own.orgId)).find(made.id)).toBeUndefined();
    const kept = await inSight(wholeOf(own.orgId), (tx) =>
      tx.providerRevocation.findMany({ where: { credentialId: made.id } }),
    );
    expect(kept.map(({ sealed }) => Buffer.from(sealed))).toEqual([row.sealed]);
    expect(await verifyChains(own.orgId)).toMatchObject([{ problem: null }]);
  });

  test("a write within a transaction of its own is taken, too", async () => {
    const own = await tenant();
    const made = madeBy(own);
    await inOrganization(
      own.orgId,
      (tx) => tx.$queryRaw`
      SELECT apply_write(${own.orgId}::uuid, ${JSON.stringify(inBase64(createWrite(made)))}::jsonb)`,
    );
    expect((await fetchSecret(own.program, made.id)).data).toEqual(values);
  });

  test("what it reads is what is stored", async () => {
    const own = await tenant();
    const { id } = await createCredential(own.user, input);
    const row = await rowOf(own, id);
    const read = (from: string) => statement(from, `SELECT * FROM ${from}($1, $2)`, [own.orgId, [id]]);
    expect(await read("credentials_in")).toMatchObject([
      { id, sealed: row.sealed, name_key: row.nameKey, test_required: false },
    ]);
    const owner_name = (await getCredential(own.user, id)).ownerName;
    expect(await read("credential_views_in")).toMatchObject([{ id, name: row.name, owner_name }]);
  });
});
