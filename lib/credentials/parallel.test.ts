import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { platformActor, updateOrganization } from "@/lib/organizations";
import { credentialHistory } from "@/lib/platform/audit/history";
import { counted, recounted } from "@/test/counts";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { EVERYONE } from "./counts";
import { createCredential, deleteCredential, getCredential, updateCredential } from "./index";

const owner = new pg.Pool({ connectionString: process.env.TEST_OWNER_DATABASE_URL, max: 2 });
afterAll(() => owner.end());
const newCredential = (provider = "sftp") =>
  provider === "sftp"
    ? ({ provider, type: "user_password", data: sftpValues() } as const)
    : ({ provider, type: "api_key", data: { apiKey: "k" }, openType: true } as const);
let own: Tenant;
beforeAll(async () => {
  own = await tenant();
});

describe("changes of one credential that name no version", () => {
  test("are all made when they arrive together, one after the other, in the order in which they came", async () => {
    const { id } = await createCredential(own.user, newCredential());
    const tags = Array.from({ length: 80 }, (_, at) => `change ${at}`);
    const views = await Promise.all(tags.map((tag) => updateCredential(own.user, id, { tags: [tag] })));
    expect(views.map(({ version, tags: [tag] }) => `${version} ${tag}`)).toEqual(
      tags.map((tag, at) => `${at + 2} ${tag}`),
    );
    expect(await getCredential(own.user, id)).toMatchObject({ version: 81, tags: ["change 79"] });
    const { events } = await credentialHistory(own.user, id);
    expect(events[0]?.version).toBe(81);
  });

  test("are all made when two instances make them", async () => {
    const { id } = await createCredential(own.user, newCredential());
    // Another instance: the same code, loaded anew, with queues of its own.
    const other = await anotherInstance();
    const instances = [updateCredential, other.updateCredential];
    const views = await Promise.all(
      Array.from({ length: 48 }, (_, at) =>
        (instances[at % 2] ?? updateCredential)(own.user, id, { tags: [`change ${at}`] }),
      ),
    );
    expect(new Set(views.map(({ version }) => version)).size).toBe(48);
    expect(await getCredential(own.user, id)).toMatchObject({ version: 49 });
  });

  test("lose to a deletion that came before them, and not to one that was refused", async () => {
    const { id } = await createCredential(own.user, newCredential());
    const refused = deleteCredential(own.user, id, { expectedVersion: 9 });
    const change = updateCredential(own.user, id, { tags: ["kept"] });
    await expect(refused).rejects.toMatchObject({ code: "version_mismatch" });
    await expect(change).resolves.toMatchObject({ tags: ["kept"] });
    const [gone, late] = [deleteCredential(own.user, id), updateCredential(own.user, id, { tags: ["late"] })];
    await gone;
    await expect(late).rejects.toMatchObject({ code: "not_found" });
  });
});

async function anotherInstance() {
  vi.resetModules();
  await (await import("@/lib/platform/readiness")).ready();
  return import("./index");
}

test("the counts that limits are compared with are those of the rows, whatever is done to them", async () => {
  const providers = ["sftp", "acmeOne", "acmeTwo"];
  const act = fc.record({
    what: fc.constantFrom("create", "create", "delete", "change"),
    provider: fc.constantFrom(...providers),
    by: fc.constantFrom("user", "other", "admin"),
  });
  const busy = await tenant();
  const limits = { maxPerProvider: 6, maxPerUser: 9 };
  await updateOrganization(platformActor("test-counts", busy.orgId), busy.orgId, limits);
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 12 }), async (acts) => {
      const present = (await owner.query(LIVE, [busy.orgId])).rows.map(({ id }) => id as string);
      await Promise.allSettled(
        acts.map(({ what, provider, by }, at) => {
          const actor = busy[by as "user"];
          const id = present[at % Math.max(present.length, 1)] ?? "";
          if (what === "create") return createCredential(actor, newCredential(provider));
          return what === "delete"
            ? deleteCredential(busy.admin, id)
            : updateCredential(busy.admin, id, { tags: [`t${at}`] });
        }),
      );
      const counts = await counted(owner, busy.orgId);
      expect(counts).toEqual(await recounted(owner, busy.orgId));
      for (const { whose, kind, live } of counts) {
        if (kind === "provider") expect(live).toBeLessThanOrEqual(limits.maxPerProvider);
        if (kind === "all" && whose !== EVERYONE) expect(live).toBeLessThanOrEqual(limits.maxPerUser);
      }
    }),
    { numRuns: 15 },
  );
  const { rows } = await owner.query(LIVE, [busy.orgId]);
  expect(rows.length).toBeGreaterThan(0);
});

const LIVE = "SELECT id FROM credential WHERE org_id = $1 AND deleted_at IS NULL ORDER BY id";
