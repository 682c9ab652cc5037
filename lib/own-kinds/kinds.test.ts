import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import {
  catalog,
  createCredential,
  deleteCredential,
  fetchSecret,
  getCredential,
  importCredentials,
  listCredentials,
  testCredential,
  updateCredential,
} from "@/lib/credentials";
import { verifyRows } from "@/lib/credentials/verify-rows";
import { deleteOrganization, platformActor } from "@/lib/organizations";
import {
  createKind,
  deleteKind,
  getKind,
  kindVersions,
  listKinds,
  ownListings,
  testKind,
  updateKind,
} from "@/lib/own-kinds";
import { inSight, wholeOf } from "@/lib/platform/db";
import { tenant } from "@/test/tenant";

const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

/** A definition of an own kind: a key and where it goes. */
const definition = ({ id = "own_billing", label = "Billing", extra = "", region = "text" } = {}) => `schema: 1
id: ${id}
label: ${label}
credential_type: api_key
fields:
  - name: endpoint
    kind: text
    label: Address
    destination: true
  - name: region
    kind: ${region}
    label: Region
    optional: true
  - name: apiKey
    kind: password
    label: API key
authentication:
  - { scheme: bearer, token: "{apiKey}" }
base_url: { field: endpoint }
test:
  path: /v1/me
${extra}`;

const kind = { provider: "own_billing", type: "api_key" } as const;
const data = { endpoint: "http://127.0.0.1:9", apiKey: "MARKER-own-secret", region: "eu" };

describe("a kind of an organisation's own", () => {
  test("is one like any other: made, shown without its secret, changed, fetched and found in the catalogue", async () => {
    const { admin, user, program, orgId } = await tenant();
    expect(await createKind(admin, definition())).toMatchObject({ id: "own_billing", version: 1, credentials: 0 });
    expect((await catalog(user)).filter(({ id }) => id.startsWith("own_")).map(({ label }) => label)).toEqual([
      "Billing",
    ]);
    const view = await createCredential(user, { ...kind, data });
    expect(view).toMatchObject({
      config: { endpoint: data.endpoint, region: "eu" },
      summary: "Billing: http://127.0.0.1:9",
      name: "Billing: http://127.0.0.1:9",
    });
    expect(Object.keys(view.secrets)).toEqual(["apiKey"]);
    const change = { data: { mode: "merge", values: { region: "us" } } } as const;
    expect(await updateCredential(user, view.id, change)).toMatchObject({ config: { region: "us" } });
    expect((await fetchSecret(program, view.id)).data).toEqual({ ...data, region: "us" });
    expect((await listCredentials(user, { q: "billing" })).items.map(({ id }) => id)).toEqual([view.id]);
    const seen = [
      view,
      await getCredential(user, view.id),
      await listCredentials(user),
      await getKind(user, kind.provider),
    ];
    expect(JSON.stringify(seen)).not.toContain("MARKER");
    const events = await inSight(wholeOf(orgId), (tx) => tx.auditEvent.findMany({ where: { orgId } }));
    expect(JSON.stringify(events, (_, value) => (typeof value === "bigint" ? String(value) : value))).not.toContain(
      "MARKER",
    );
    expect(await verifyRows(orgId)).toEqual([]);
  });

  test("sends a kept secret to no new place", async () => {
    const { admin } = await tenant();
    await createKind(admin, definition());
    const { id } = await createCredential(admin, { ...kind, data });
    const change = { data: { mode: "merge", values: { endpoint: "https://elsewhere.example.com" } } } as const;
    await expect(updateCredential(admin, id, change)).rejects.toMatchObject({
      fields: [{ path: ["credentials", "apiKey"], code: "resend_secret" }],
    });
  });

  test("is not there for another organisation, which may have one of the same id", async () => {
    const [one, other] = [await tenant(), await tenant()];
    await createKind(one.admin, definition());
    await expect(createCredential(other.user, { ...kind, data })).rejects.toEqual(refused("invalid"));
    await expect(getKind(other.admin, kind.provider)).rejects.toEqual(refused("not_found"));
    await expect(deleteKind(other.admin, kind.provider)).rejects.toEqual(refused("not_found"));
    await expect(updateKind(other.admin, kind.provider, { text: definition() })).rejects.toEqual(refused("not_found"));
    await expect(testCredential(other.user, { ...kind, data })).rejects.toEqual(refused("invalid"));
    expect([await listKinds(other.admin), await ownListings(other.user)]).toEqual([[], []]);
    await createKind(other.admin, definition({ label: "Theirs" }));
    expect((await ownListings(one.user)).map(({ label }) => label)).toEqual(["Billing"]);
    expect((await createCredential(other.user, { ...kind, data })).summary).toBe("Theirs: http://127.0.0.1:9");
  });

  test("is made, changed, tried out and deleted by administrators alone, and read by whoever sees credentials", async () => {
    const { admin, user, auditor, program } = await tenant();
    await createKind(admin, definition());
    const acts: ((actor: Actor) => Promise<unknown>)[] = [
      (actor) => createKind(actor, definition({ id: "own_other" })),
      (actor) => updateKind(actor, kind.provider, { text: definition() }),
      (actor) => deleteKind(actor, kind.provider),
      (actor) => testKind(actor, { text: definition(), values: data }),
    ];
    for (const actor of [user, auditor, program])
      for (const act of acts) await expect(act(actor)).rejects.toEqual(refused("forbidden"));
    for (const actor of [user, auditor, program]) expect(await listKinds(actor)).toHaveLength(1);
  });

  test("has versions: a change is made from the one it saw, and who wrote which is kept", async () => {
    const { admin } = await tenant();
    await createKind(admin, definition());
    const changed = await updateKind(admin, kind.provider, {
      text: definition({ label: "Invoices" }),
      expectedVersion: 1,
    });
    expect(changed).toMatchObject({ version: 2, modifiedBy: admin.name });
    await expect(
      updateKind(admin, kind.provider, { text: definition({ label: "Third" }), expectedVersion: 1 }),
    ).rejects.toEqual(refused("version_mismatch"));
    await expect(deleteKind(admin, kind.provider, 1)).rejects.toEqual(refused("version_mismatch"));
    // The same text again is no change.
    await updateKind(admin, kind.provider, { text: definition({ label: "Invoices" }) });
    const versions = await kindVersions(admin, kind.provider);
    expect(versions.map(({ version, madeBy }) => [version, madeBy])).toEqual([
      [2, admin.name],
      [1, admin.name],
    ]);
    const raced = await Promise.allSettled(
      ["A", "B", "C"].map((label) =>
        updateKind(admin, kind.provider, { text: definition({ label }), expectedVersion: 2 }),
      ),
    );
    expect(raced.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is not deleted while a credential is of it, which is named; afterwards it may be made anew", async () => {
    const { admin, user } = await tenant();
    await createKind(admin, definition());
    const { id } = await createCredential(user, { ...kind, data, name: "Nightly invoices" });
    await expect(deleteKind(admin, kind.provider)).rejects.toMatchObject({
      code: "conflict",
      details: { credentials: 1, uses: ["Nightly invoices"] },
    });
    await deleteCredential(user, id);
    await deleteKind(admin, kind.provider);
    await expect(createCredential(user, { ...kind, data })).rejects.toEqual(refused("invalid"));
    await createKind(admin, definition());
    await expect(createKind(admin, definition())).rejects.toEqual(refused("conflict"));
  });

  test.each([
    ["a secret that is to be shown", (text: string) => text.replace("kind: password", "kind: text"), "fields[2].kind"],
    ["a shown value that is to be a secret", () => definition({ region: "password" }), "fields[1].kind"],
    [
      "a shown field that is left out",
      (text: string) => text.replace(/ {2}- name: region[\s\S]*?optional: true\n/, ""),
      "fields",
    ],
    [
      "another place",
      (text: string) => text.replace("base_url: { field: endpoint }", "base_url: https://evil.example.com"),
      "base_url",
    ],
    [
      "another type",
      (text: string) => text.replace("credential_type: api_key", "credential_type: user_password"),
      "credential_type",
    ],
  ])("keeps what stored credentials rely on: %s is refused by line and field", async (_, change, field) => {
    const { admin } = await tenant();
    await createKind(admin, definition());
    // Before anything is stored, everything may change.
    await updateKind(admin, kind.provider, { text: change(definition()) });
    await updateKind(admin, kind.provider, { text: definition() });
    await createCredential(admin, { ...kind, data });
    const refusal = await updateKind(admin, kind.provider, { text: change(definition()) }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: "invalid", fields: [{ path: ["text", expect.any(Number), field] }] });
    expect((await getKind(admin, kind.provider)).version).toBe(3);
  });

  test("shows nothing that a row keeps secret, whatever its definition says by then", async () => {
    const { admin, orgId } = await tenant();
    await createKind(admin, definition({ region: "password" }));
    const { id } = await createCredential(admin, { ...kind, data: { ...data, region: "MARKER-region" } });
    // As if the definition had changed in the moment in which the row was made.
    await inSight(wholeOf(orgId), (tx) =>
      tx.providerDefinition.updateMany({ where: { orgId }, data: { text: definition(), version: 9 } }),
    );
    const changed = await updateCredential(admin, id, { data: { mode: "merge", values: { apiKey: "another" } } });
    expect(changed.config).toEqual({ endpoint: data.endpoint });
    expect(JSON.stringify([changed, await getCredential(admin, id)])).not.toContain("MARKER");
    expect(await verifyRows(orgId)).toEqual([]);
  });

  test("takes over what another system calls by a name that it says, and what has its own id", async () => {
    const { admin, program } = await tenant();
    await createKind(admin, definition({ extra: "imports: [acmeBillingApi]\n" }));
    const rows = ["acmeBillingApi", "own_billing", "elsewhere"].map((provider) => ({
      ...{ id: randomUUID(), name: provider, provider, type: "api_key" as const },
      data: { ...data, unknownThere: "MARKER-free" },
    }));
    const verdicts = await importCredentials(admin, rows, { dryRun: false });
    expect(verdicts.map((one) => one.outcome === "imported" && one.ownKind)).toEqual(["Billing", "Billing", undefined]);
    const [first] = rows;
    expect(await getCredential(admin, first?.id ?? "")).toMatchObject({
      provider: "own_billing",
      config: { endpoint: data.endpoint, region: "eu" },
    });
    expect((await fetchSecret(program, first?.id ?? "")).data).toMatchObject({ unknownThere: "MARKER-free" });
  });

  test("is refused where it is not as it must be, by line and field, and at the bounds", async () => {
    const { admin } = await tenant();
    const bad = definition().replace("kind: password", "kind: passwort");
    await expect(createKind(admin, bad)).rejects.toMatchObject({
      code: "invalid",
      fields: [
        {
          path: ["text", 15, "fields[2].kind"],
          message: expect.stringMatching(/^Line 15, fields\[2\]\.kind: Must be one of/),
        },
      ],
    });
    await expect(createKind(admin, `${definition()}\0`)).rejects.toEqual(refused("invalid"));
    for (let at = 0; at < 50; at++) await createKind(admin, definition({ id: `own_${at}` }));
    await expect(createKind(admin, definition())).rejects.toEqual(refused("over_limit"));
  });

  test("goes with its organisation", async () => {
    const { admin, orgId } = await tenant();
    await createKind(admin, definition());
    await deleteOrganization(platformActor("test"), orgId, { force: true });
    expect(await inSight(wholeOf(orgId), (tx) => tx.providerDefinition.count())).toBe(0);
    expect(await inSight(wholeOf(orgId), (tx) => tx.providerDefinitionVersion.count())).toBe(0);
  });
});

describe("trying a definition out", () => {
  test("goes through the outbound guard, whatever the definition says", async () => {
    const { admin } = await tenant();
    const report = await testKind(admin, { text: definition(), values: { ...data, endpoint: "http://10.0.0.1" } });
    expect(report).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
    expect(JSON.stringify(report)).not.toContain("MARKER");
    await createKind(admin, definition());
    const saved = await testCredential(admin, { ...kind, data: { ...data, endpoint: "http://169.254.169.254" } });
    expect(saved.report).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
  });

  test("refuses values that its fields do not take, and what has no test", async () => {
    const { admin } = await tenant();
    await expect(testKind(admin, { text: definition(), values: { ...data, region: {} } })).rejects.toMatchObject({
      fields: [{ path: ["values", "region"] }],
    });
    const text = definition().replace(/test:\n {2}path: \/v1\/me\n/, "");
    await expect(testKind(admin, { text, values: data })).rejects.toEqual(refused("invalid"));
  });
});
