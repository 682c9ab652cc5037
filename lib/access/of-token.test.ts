import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/authorization/actor";
import { createCredential, fetchSecret, getCredential, updateCredential } from "@/lib/credentials";
import { countUses } from "@/lib/credentials/uses";
import { authenticateToken, issueToken, type TokenOwner, updateToken } from "@/lib/identity/tokens";
import { inSight, wholeOf } from "@/lib/platform/db";
import type { TokenLimits } from "@/lib/vocabulary/access";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";
import { accessOfToken, narrowTokenToUsed } from ".";

let own: Tenant;
beforeEach(async () => {
  own = await tenant();
});

const made = async (tags: string[] = [], by = own.user) =>
  (
    await createCredential(by, {
      provider: "sftp",
      type: "user_password",
      data: sftpValues(),
      name: randomUUID(),
      tags,
    })
  ).id;

interface Issued {
  id: string;
  actor: Actor;
}

async function issued(limits?: TokenLimits, owner?: TokenOwner, scope: "all" | "read" = "all"): Promise<Issued> {
  const of = owner ?? { kind: "service_account", id: own.program.id };
  const { token, view } = await issueToken(own.admin, { owner: of, name: randomUUID(), scopes: [scope], limits });
  return { id: view.id, actor: await authenticateToken(token, "r", "127.0.0.1") };
}

const idsOf = (access: Awaited<ReturnType<typeof accessOfToken>>) => access.credentials.map(({ id }) => id);

describe("what a token may do", () => {
  test("is what its owner may, within its limits and scopes", async () => {
    const [tagged, bare] = [await made(["shared"]), await made()];
    const whole = await accessOfToken(own.admin, (await issued()).id);
    expect(idsOf(whole)).toEqual([bare, tagged]);
    expect(whole.credentials[0]?.rights).toEqual(["see", "use", "edit", "manage"]);
    const narrowed = await accessOfToken(own.admin, (await issued({ tags: ["shared"], rights: ["use"] })).id);
    expect(narrowed.credentials.map(({ id, rights }) => [id, rights])).toEqual([[tagged, ["see", "use"]]]);
    const reading = await accessOfToken(own.admin, (await issued(undefined, undefined, "read")).id);
    expect(reading.credentials[0]?.rights).toEqual(["see", "use"]);
    const nothing = await accessOfToken(own.admin, (await issued({ credentialIds: [] })).id);
    expect(nothing).toMatchObject({ credentials: [], hasMore: false, used: 0 });
  });

  test("comes with what that token made of it, and no other of the same program", async () => {
    const [first, second] = [await made(), await made()];
    const [one, other] = [await issued(), await issued()];
    await fetchSecret(one.actor, first);
    await fetchSecret(other.actor, second);
    await updateCredential(other.actor, second, { name: randomUUID() });
    const access = await accessOfToken(own.admin, one.id);
    expect(access.credentials.map(({ id, usedAt, changedAt }) => [id, usedAt !== null, changedAt !== null])).toEqual([
      [first, true, false],
      [second, false, false],
    ]);
    expect((await accessOfToken(own.admin, other.id)).credentials[0]).toMatchObject({
      id: second,
      usedAt: expect.any(String),
      changedAt: expect.any(String),
      isShared: false,
    });
  });

  test("counts what its program fetched before it was kept by which token, and says so", async () => {
    const id = await made();
    const before = await issued();
    await fetchSecret(own.program, id);
    await countUses(own.orgId);
    // As after an upgrade: it is kept from now on.
    await inSight(wholeOf(own.orgId), async (tx) => {
      await tx.usageMark.updateMany({ where: { orgId: own.orgId }, data: { tokensSince: new Date() } });
    });
    const later = await issued();
    expect((await accessOfToken(own.admin, before.id)).credentials[0]).toMatchObject({ id, isShared: true });
    expect((await accessOfToken(own.admin, later.id)).credentials[0]).toMatchObject({ usedAt: null, isShared: false });
    await fetchSecret(before.actor, id);
    expect((await accessOfToken(own.admin, before.id)).credentials[0]).toMatchObject({ isShared: false });
  });

  test("is shown to whoever looks after tokens, and to its owner", async () => {
    const id = await made();
    const mine = await issued(undefined, { kind: "user", id: own.user.id });
    const program = await issued();
    for (const actor of [own.admin, own.auditor, own.user])
      expect(idsOf(await accessOfToken(actor, mine.id))).toEqual([id]);
    await expect(accessOfToken(own.other, mine.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(accessOfToken(own.user, program.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(accessOfToken(own.program, program.id)).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await tenant();
    for (const wanted of [program.id, randomUUID(), "x"]) {
      await expect(accessOfToken(stranger.admin, wanted)).rejects.toMatchObject({ code: "not_found" });
      await expect(narrowTokenToUsed(stranger.admin, wanted)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("names no credential to an administrator of the platform at work here", async () => {
    await made();
    const { id } = await issued();
    expect(idsOf(await accessOfToken({ ...own.admin, id: randomUUID(), role: "delegated_admin" }, id))).toEqual([]);
  });
});

describe("a token that is narrowed to what it worked with", () => {
  test("keeps that, and its other limits, and gets nothing that is granted later", async () => {
    const [used, unused] = [await made(), await made()];
    const { id, actor } = await issued({ rights: ["use"] });
    await fetchSecret(actor, used);
    const view = await narrowTokenToUsed(own.admin, id);
    expect(view.limits).toEqual({ rights: ["use"], credentialIds: [used] });
    const later = await made();
    expect(idsOf(await accessOfToken(own.admin, id))).toEqual([used]);
    const narrowed = { ...actor, limits: { rights: ["use"], reach: true } } as Actor;
    for (const hidden of [unused, later]) {
      await expect(getCredential(narrowed, hidden)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("is refused where it worked with nothing, and for whoever may not change it", async () => {
    const { id, actor } = await issued();
    await expect(narrowTokenToUsed(own.admin, id)).rejects.toMatchObject({ code: "conflict" });
    await fetchSecret(actor, await made());
    await expect(narrowTokenToUsed(own.auditor, id)).rejects.toMatchObject({ code: "forbidden" });
    expect((await updateToken(own.admin, id, { name: "as it was" })).limits).toBeNull();
  });
});
