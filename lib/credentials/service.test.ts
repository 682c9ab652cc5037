import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { grantAccess } from "@/lib/access";
import {
  createCredential,
  credentialFacets,
  credentialUsage,
  deleteCredential,
  fetchSecret,
  getCredential,
  listCredentials,
  updateCredential,
} from "@/lib/credentials";
import { verifyChains } from "@/lib/platform/audit/verify";
import type { Refusal } from "@/lib/platform/refusal";
import { sortOrders } from "@/lib/vocabulary/credential-view";
import { sftpValues, tenant } from "@/test/tenant";

const sftp = (values = sftpValues()) => ({ provider: "sftp", type: "user_password" as const, data: values });
const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });

describe("the life of a credential", () => {
  test("a fetch after an update answers the new value, never the old one", async () => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp(sftpValues("first-password")));
    expect((await fetchSecret(program, id)).data.password).toBe("first-password");
    const change = { mode: "merge", values: { password: "second-password" } } as const;
    const changed = await updateCredential(user, id, { data: change });
    expect(changed).toMatchObject({ id, version: 2 });
    expect((await fetchSecret(program, id)).data).toMatchObject({
      password: "second-password",
      host: "sftp.example.com",
    });
  });

  test("a view holds no secret", async () => {
    const { user } = await tenant();
    const view = await createCredential(user, sftp(sftpValues("planted-marker")));
    expect(JSON.stringify([view, await getCredential(user, view.id), await listCredentials(user)])).not.toContain(
      "planted-marker",
    );
  });

  test("a deleted credential is gone for everybody and its secret is shredded", async () => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp());
    await deleteCredential(user, id);
    const reaches = [
      () => getCredential(user, id),
      () => fetchSecret(program, id),
      () => updateCredential(user, id, { name: "x" }),
      () => deleteCredential(user, id),
    ];
    for (const reach of reaches) await expect(reach()).rejects.toEqual(refused("not_found"));
  });

  test("an inactive credential is kept but not handed out", async () => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp());
    expect(await updateCredential(user, id, { active: false })).toMatchObject({ status: "inactive" });
    await expect(fetchSecret(program, id)).rejects.toEqual(refused("forbidden"));
    await updateCredential(user, id, { active: true });
    await expect(fetchSecret(program, id)).resolves.toMatchObject({ id });
  });

  test("people never read plaintext, whatever their role", async () => {
    const { user, admin, auditor } = await tenant();
    const { id } = await createCredential(user, sftp());
    for (const actor of [user, admin, auditor])
      await expect(fetchSecret(actor, id)).rejects.toEqual(refused("forbidden"));
  });

  test("service accounts do not create", async () => {
    const { program } = await tenant();
    await expect(createCredential(program, sftp())).rejects.toEqual(refused("forbidden"));
  });

  test("somebody else's credential is not there, seen it can not be changed, an admin may change it", async () => {
    const { user, other, admin } = await tenant();
    const { id } = await createCredential(user, sftp());
    const works = () => [updateCredential(other, id, { tags: ["mine"] }), deleteCredential(other, id)];
    for (const work of [getCredential(other, id), ...works()]) await expect(work).rejects.toEqual(refused("not_found"));
    const subject = { kind: "user", id: other.id } as const;
    await grantAccess(user, { subject, reach: "credential", key: id, rights: ["see"] });
    await expect(getCredential(other, id)).resolves.toMatchObject({ id, rights: ["see"] });
    for (const work of works()) await expect(work).rejects.toEqual(refused("forbidden"));
    await expect(updateCredential(admin, id, { tags: ["ours"] })).resolves.toMatchObject({ tags: ["ours"] });
  });
});

describe("a change", () => {
  test("replaces whole or merges, as asked", async () => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp({ ...sftpValues("one"), test_path: "/upload" } as never));
    await updateCredential(user, id, { data: { mode: "merge", values: { test_path: null } } });
    expect((await fetchSecret(program, id)).data).toMatchObject({ password: "one", test_path: "." });
    await expect(
      updateCredential(user, id, {
        type: "user_password",
        data: { mode: "replace", values: { host: "sftp.example.com", username: "alice" } },
      }),
    ).rejects.toEqual(refused("invalid"));
  });

  test.each(["host", "port", "username"])("of %s demands the stored password again", async (field) => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp(sftpValues("kept")));
    const moved = { host: "elsewhere.example.com", port: 2222, username: "mallory" }[field];
    const change = { mode: "merge", values: { [field]: moved } } as const;
    const refusal = await updateCredential(user, id, { data: change }).catch((error: unknown) => error as Refusal);
    expect(refusal).toMatchObject({
      code: "invalid",
      fields: [{ path: ["credentials", "password"], code: "resend_secret" }],
    });
    expect((await fetchSecret(program, id)).data).toMatchObject(sftpValues("kept"));
    const resent = { mode: "merge", values: { [field]: moved, password: "for the new place" } } as const;
    await expect(updateCredential(user, id, { data: resent })).resolves.toMatchObject({ version: 2 });
  });

  test("made from an old version is refused and changes nothing", async () => {
    const { user } = await tenant();
    const { id, version } = await createCredential(user, sftp());
    await updateCredential(user, id, { tags: ["first"], expectedVersion: version });
    await expect(updateCredential(user, id, { tags: ["second"], expectedVersion: version })).rejects.toEqual(
      refused("version_mismatch"),
    );
    expect(await getCredential(user, id)).toMatchObject({ tags: ["first"], version: 2 });
  });

  test("of eight with one expected version, exactly one wins", async () => {
    const { user } = await tenant();
    const { id } = await createCredential(user, sftp());
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => updateCredential(user, id, { tags: [`t${at}`], expectedVersion: 1 })),
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(await getCredential(user, id)).toMatchObject({ version: 2 });
  });

  test("of different parts at the same time loses neither", async () => {
    const { user, program } = await tenant();
    const { id } = await createCredential(user, sftp(sftpValues("before")));
    for (let round = 1; round <= 20; round++) {
      await Promise.all([
        updateCredential(user, id, { name: `name ${round} ${id}` }),
        updateCredential(user, id, { data: { mode: "merge", values: { password: `value ${round}` } } }),
      ]);
      expect((await getCredential(user, id)).name).toBe(`name ${round} ${id}`);
      expect((await fetchSecret(program, id)).data.password).toBe(`value ${round}`);
    }
  });

  test("to a name that another credential has is refused, also when two try at once", async () => {
    const { user } = await tenant();
    const [one, two] = [await createCredential(user, sftp()), await createCredential(user, sftp())];
    const outcomes = await Promise.allSettled([
      updateCredential(user, one.id, { name: "Ｐrod DB" }),
      updateCredential(user, two.id, { name: "prod db" }),
    ]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toEqual(refused("conflict"));
  });
});

describe("limits", () => {
  test("of fifty per provider hold under parallel creates, and a deletion frees a place", async () => {
    const { user, admin } = await tenant();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 56 }, (_, at) => createCredential(at % 2 ? user : admin, sftp())),
    );
    const made = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(made).toHaveLength(50);
    const refusals = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refusals.every(({ reason }) => reason.code === "over_limit" && reason.details.limit === 50)).toBe(true);
    await deleteCredential(admin, made[0]?.value.id ?? "");
    await expect(createCredential(user, sftp())).resolves.toBeDefined();
  });
});

describe("lists", () => {
  test("page through every order without losing or repeating a row", async () => {
    const { user } = await tenant();
    for (let at = 0; at < 7; at++) {
      await createCredential(user, { ...sftp(), expiresAt: at % 2 ? new Date(Date.now() + at * 86_400_000) : null });
    }
    for (const sort of sortOrders) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listCredentials(user, { sort, limit: 2, cursor });
        seen.push(...page.items.map((item) => item.id));
        cursor = page.next ?? undefined;
      } while (cursor);
      expect(new Set(seen).size, sort).toBe(7);
      expect(seen, sort).toHaveLength(7);
    }
  });

  test("search name, provider, summary, tag and id, and filter in the database", async () => {
    const { user } = await tenant();
    const wanted = await createCredential(user, { ...sftp(), name: "Payroll 100%_real", tags: ["finance"] });
    await createCredential(user, { ...sftp(), name: "Other" });
    const found = async (query: object) => (await listCredentials(user, query)).items.map((item) => item.id);
    for (const q of ["payroll", "100%_", "finance sftp", wanted.id]) expect(await found({ q }), q).toEqual([wanted.id]);
    expect(await found({ q: "100%x" })).toEqual([]);
    expect(await found({ tag: "finance", provider: "sftp", status: "active", health: "untested" })).toEqual([
      wanted.id,
    ]);
    expect(await credentialFacets(user)).toMatchObject({ total: 2, providers: [{ value: "sftp", count: 2 }] });
  });

  test("show a person's own rows, and everybody's to those who may", async () => {
    const { user, other, admin, auditor, program } = await tenant();
    await createCredential(user, sftp());
    const seen = async (actor: typeof user) => (await listCredentials(actor)).items.length;
    expect([await seen(user), await seen(other), await seen(admin), await seen(auditor), await seen(program)]).toEqual([
      1, 0, 1, 1, 1,
    ]);
  });
});

describe("another organisation's credential", () => {
  test("does not exist, byte for byte", async () => {
    const [owner, stranger] = [await tenant(), await tenant()];
    const { id } = await createCredential(owner.user, sftp());
    const acts = (actor: typeof owner.admin, target: string) => [
      getCredential(actor, target),
      updateCredential(actor, target, { tags: ["x"] }),
      deleteCredential(actor, target),
      credentialUsage(actor, target),
    ];
    const answers = async (target: string) =>
      (await Promise.allSettled(acts(stranger.admin, target))).map(
        (outcome) => outcome.status === "rejected" && String(outcome.reason),
      );
    expect(await answers(id)).toEqual(await answers(randomUUID()));
    await expect(fetchSecret(stranger.program, id)).rejects.toEqual(refused("not_found"));
    expect((await listCredentials(stranger.admin)).items).toEqual([]);
    await expect(getCredential(owner.admin, id)).resolves.toMatchObject({ id });
  });
});

describe("the trail", () => {
  test("holds one event for each change, fetch and refusal, and verifies", async () => {
    const { user, program, other, orgId } = await tenant();
    const { id } = await createCredential(user, sftp());
    await updateCredential(user, id, { tags: ["a"] });
    await Promise.all(Array.from({ length: 20 }, () => fetchSecret(program, id)));
    await updateCredential(other, id, { tags: ["b"] }).catch(() => {});
    expect(await credentialUsage(user, id)).toMatchObject([
      { serviceAccountId: program.id, fetches: 20, lastVersion: 2 },
    ]);
    await fetchSecret(program, id);
    expect(await credentialUsage(user, id)).toMatchObject([{ fetches: 21 }]);
    await deleteCredential(user, id);
    expect(await verifyChains(orgId)).toMatchObject([{ orgId, firstBad: null, problem: null }]);
  });
});
