import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createCredential,
  credentialFacets,
  credentialIdOf,
  deleteCredential,
  fetchSecret,
  getCredential,
  listCredentials,
  type NewCredential,
  testCredential,
  updateCredential,
} from "@/lib/credentials";
import { tenant } from "@/test/tenant";

/** What other systems' clients bring along: kinds, fields, ids and names of their own. */
const refused = (code: string) => expect.objectContaining({ name: "Refusal", code });
const openAi = (data: Record<string, unknown> = { openAIApiKey: "sk-one" }): NewCredential => ({
  provider: "openAIApi",
  type: "api_key",
  data,
});
const unknown = (data: Record<string, unknown>): NewCredential => ({
  provider: "noSuchType",
  type: "api_key",
  openType: true,
  data,
});

describe("a credential of a declared kind", () => {
  test("may be incomplete and hold more than its schema, all of which is secret and fetched", async () => {
    const { user, program } = await tenant();
    const view = await createCredential(user, openAi({ access_token: "MARKER", expires_in: 3599 }));
    expect(view).toMatchObject({ config: {}, summary: "OpenAI API", name: "OpenAI API" });
    expect(Object.keys(view.secrets).sort()).toEqual(["access_token", "expires_in"]);
    expect(view.secrets.access_token).toMatchObject({ setBy: user.name });
    const merge = { mode: "merge", values: { openAIApiKey: "sk-two", expires_in: null } } as const;
    const changed = await updateCredential(user, view.id, { data: merge });
    expect(changed.secrets.access_token).toEqual(view.secrets.access_token);
    expect((await fetchSecret(program, view.id)).data).toEqual({ access_token: "MARKER", openAIApiKey: "sk-two" });
    expect(JSON.stringify([changed, await listCredentials(user)])).not.toMatch(/MARKER|sk-two/);
  });

  test("keeps its secrets when only its name changes, and fills no gap", async () => {
    const { user, program } = await tenant();
    const data = { redisCacheHost: "", redisCachePwd: "secret" };
    const { id } = await createCredential(user, { provider: "redisCacheApi", type: "user_password", data });
    const stored = { redisCachePort: 6379, redisCachePwd: "secret" };
    expect((await fetchSecret(program, id)).data).toEqual(stored);
    const before = await getCredential(user, id);
    const renamed = await updateCredential(user, id, { name: "Renamed" });
    await updateCredential(user, id, { data: { mode: "merge", values: { redisCacheUser: null } } });
    expect((await fetchSecret(program, id)).data).toEqual(stored);
    expect(renamed.secrets).toEqual(before.secrets);
  });

  test("sends a kept field that no schema knows to no new place either", async () => {
    const { user } = await tenant();
    const data = { arizeApiKey: "k", arizeSpaceId: "s", arizeEndpoint: "https://otlp.example.com", refresh_token: "r" };
    const { id } = await createCredential(user, { provider: "arizeApi", type: "api_key", data });
    const moved = { mode: "merge", values: { arizeEndpoint: "https://elsewhere.example.com" } } as const;
    await expect(updateCredential(user, id, { data: moved })).rejects.toMatchObject({
      fields: [{ path: ["credentials", "arizeApiKey"] }, { path: ["credentials", "refresh_token"] }],
    });
  });
});

describe("a credential of a kind that nobody knows", () => {
  test("is stored only where that is asked for, and its name is bounded", async () => {
    const { user } = await tenant();
    const closed = { ...unknown({ a: "b" }), openType: undefined };
    await expect(createCredential(user, closed)).rejects.toEqual(refused("invalid"));
    for (const provider of ["", "a b", "../x", "constructor", "x".repeat(65)]) {
      await expect(createCredential(user, { ...unknown({ a: "b" }), provider })).rejects.toEqual(refused("invalid"));
    }
  });

  test("is listed, found, changed, fetched and deleted like any other, and shows nothing but names", async () => {
    const { user, program } = await tenant();
    const view = await createCredential(user, unknown({ host: "MARKER-host", password: "MARKER-one" }));
    expect(view).toMatchObject({ provider: "noSuchType", config: {}, summary: "noSuchType" });
    expect(Object.keys(view.secrets).sort()).toEqual(["host", "password"]);
    const change = { mode: "merge", values: { password: "MARKER-two" } } as const;
    await updateCredential(user, view.id, { data: change, name: "Odd one" });
    const page = await listCredentials(user, { q: "odd nosuchtype", provider: "noSuchType" });
    expect(page.items.map(({ id }) => id)).toEqual([view.id]);
    expect((await credentialFacets(user)).providers).toEqual([{ value: "noSuchType", count: 1 }]);
    expect((await fetchSecret(program, view.id)).data).toEqual({ host: "MARKER-host", password: "MARKER-two" });
    expect(JSON.stringify([page, await getCredential(user, view.id)])).not.toContain("MARKER");
    await deleteCredential(user, view.id);
    await expect(getCredential(user, view.id)).rejects.toEqual(refused("not_found"));
  });

  test("cannot be tested, and says so", async () => {
    const { user } = await tenant();
    const { id } = await createCredential(user, unknown({ a: "b" }));
    const untestable = { code: "invalid", fields: [{ code: "untestable" }] };
    await expect(testCredential(user, { id })).rejects.toMatchObject(untestable);
  });
});

describe("an id that the caller brings along", () => {
  test("finds the credential, beside its own; a UUID is its own", async () => {
    const { user, program } = await tenant();
    const uuid = randomUUID();
    const [named, numbered] = [
      await createCredential(user, { ...openAi(), externalId: "cred-789" }),
      await createCredential(user, { ...openAi(), externalId: uuid.toUpperCase(), nameClash: "number" }),
    ];
    expect([named.externalId, numbered.externalId, numbered.id]).toEqual(["cred-789", null, uuid]);
    expect(await credentialIdOf(user, "cred-789")).toBe(named.id);
    expect(await credentialIdOf(program, named.id)).toBe(named.id);
    expect(await credentialIdOf(user, uuid.toUpperCase())).toBe(uuid);
  });

  test("is refused while a live credential has it, also when two come at once, and free again afterwards", async () => {
    const { user } = await tenant();
    for (const externalId of ["cred-1", randomUUID()]) {
      const create = () => createCredential(user, { ...openAi(), externalId, nameClash: "number" });
      const outcomes = await Promise.allSettled([create(), create(), create()]);
      const made = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const refusals = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
      expect([made.length, refusals]).toEqual([1, ["conflict", "conflict"]]);
      await deleteCredential(user, made[0]?.id ?? "");
      await expect(credentialIdOf(user, externalId)).rejects.toEqual(refused("not_found"));
      const again = await create();
      expect(await credentialIdOf(user, externalId)).toBe(again.id);
      await expect(create()).rejects.toEqual(refused("conflict"));
    }
  });

  test("is another organisation's own affair", async () => {
    const [one, other] = [await tenant(), await tenant()];
    const externalId = randomUUID();
    const first = await createCredential(one.user, { ...openAi(), externalId });
    const second = await createCredential(other.user, { ...openAi({ openAIApiKey: "sk-other" }), externalId });
    expect([first.id, second.id]).toEqual([externalId, externalId]);
    expect((await fetchSecret(one.program, externalId)).data).toEqual({ openAIApiKey: "sk-one" });
    await createCredential(one.user, { ...openAi(), externalId: "only-here", nameClash: "number" });
    await expect(credentialIdOf(other.admin, "only-here")).rejects.toEqual(refused("not_found"));
  });

  test("is visible ASCII of at most 255 characters", async () => {
    const { user } = await tenant();
    for (const externalId of ["", "a b", "é", "a\0", "x".repeat(256)]) {
      await expect(createCredential(user, { ...openAi(), externalId })).rejects.toEqual(refused("invalid"));
      await expect(credentialIdOf(user, externalId)).rejects.toEqual(refused("not_found"));
    }
  });
});

describe("a name that is taken", () => {
  test("gets the next free number where that is asked for, in a creation and in a renaming", async () => {
    const { user } = await tenant();
    const create = (name: string) => createCredential(user, { ...openAi(), name, nameClash: "number" });
    const made = [await create("OpenAI"), await create("openai"), await create("OpenAI (2)"), await create("OpenAI")];
    expect(made.map(({ name }) => name)).toEqual(["OpenAI", "openai (2)", "OpenAI (2) (2)", "OpenAI (3)"]);
    const change = { name: "OPENAI", nameClash: "number" } as const;
    expect(await updateCredential(user, made[2]?.id ?? "", change)).toMatchObject({ name: "OPENAI (4)" });
    expect(await updateCredential(user, made[0]?.id ?? "", change)).toMatchObject({ name: "OPENAI" });
    await expect(createCredential(user, { ...openAi(), name: "OpenAI" })).rejects.toEqual(refused("conflict"));
  });

  test("is numbered without a clash when several come at once, and however long it is", async () => {
    const { user } = await tenant();
    const name = "ñ".repeat(200);
    const create = () => createCredential(user, { ...openAi(), name, nameClash: "number" });
    const made = await Promise.all([create(), create(), create(), create()]);
    expect(new Set(made.map((view) => view.name)).size).toBe(4);
  });
});
