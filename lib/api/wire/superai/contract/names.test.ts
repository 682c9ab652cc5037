import { generateKeyPairSync, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { platformActor, updateOrganization } from "@/lib/organizations";
import { providers } from "@/lib/providers/index";
import { type Api, startApi } from "@/test/api";
import { sftpValues, type Tenant, tenant } from "@/test/tenant";

/** The later contract asks for a name, clients of the earlier one have none to send: both are served by one route. */
let api: Api;
let own: Tenant;
let user: string;
beforeAll(async () => {
  [api, own] = [await startApi(), await tenant()];
  user = await own.token(own.user);
  await updateOrganization(platformActor("limits"), own.orgId, { maxPerUser: 1_000, maxPerProvider: 1_000 });
});

const PATH = "/api/integrations/credentials";
const create = (body: object) => api.send("POST", PATH, { token: user, body });
const sftp = (more: object = {}) => ({
  provider: "sftp",
  credential_type: "user_password",
  credentials: sftpValues(),
  ...more,
});

const privateKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
const kinds = providers().flatMap(({ id, methods }) =>
  methods.map(({ type, example }) => ({
    kind: `${id} ${type}`,
    body: {
      provider: id,
      credential_type: type,
      // The example of a key is none that could be opened.
      credentials: { ...example, ...(type === "key_file" && { private_key: privateKey }) },
    },
  })),
);

test.each(kinds)("$kind: two made without a name get a name each, of what they are", async ({ body }) => {
  const made = [await create(body), await create({ ...body, name: null })];
  expect(
    made.map(({ status }) => status),
    made[0]?.text,
  ).toEqual([201, 201]);
  const [first, second] = made.map((answer) => answer.body.name);
  expect(first).toEqual(expect.stringMatching(/\S/));
  // Two types of one provider may come to one name.
  expect(second).toBe(`${first.replace(/ · [0-9a-f]{6}$/, "")} · ${made[1]?.body.id.slice(-6)}`);
});

test("those that are made at once without a name do not collide", async () => {
  const body = sftp({ credentials: { ...sftpValues(), host: `${randomUUID()}.example.com` } });
  const made = await Promise.all(Array.from({ length: 8 }, () => create(body)));
  expect(made.map(({ status }) => status)).toEqual(Array(8).fill(201));
  expect(new Set(made.map((answer) => answer.body.name)).size).toBe(8);
});

describe("a name that is given", () => {
  test("is kept as it is, and refused where it is taken", async () => {
    const name = `Mine ${randomUUID()}`;
    expect((await create(sftp({ name }))).body.name).toBe(name);
    const again = await create(sftp({ name }));
    expect([again.status, again.body.error.details[0].loc]).toEqual([409, ["body", "name"]]);
  });

  test("and is empty, too long or no text is refused by its name, and nothing is made", async () => {
    const count = async () => (await api.send("GET", PATH, { token: user })).body.length;
    const before = await count();
    for (const name of ["", "   ", "x".repeat(201), 7, [], "a\u0007b"]) {
      const { status, body } = await create(sftp({ name }));
      expect([400, 422], JSON.stringify(name)).toContain(status);
      expect(body.error.details[0].loc).toEqual(["body", "name"]);
    }
    expect(await count()).toBe(before);
  });
});

test("an update without a name, or with null, keeps it; one with a name changes it, however the data travel", async () => {
  const name = `Kept ${randomUUID()}`;
  const { id } = (await create(sftp({ name }))).body;
  const patch = (body: object, type = "application/json") =>
    api.send("PATCH", `${PATH}/${id}`, { token: user, body, headers: { "content-type": type } });
  const { credential_type, credentials } = sftp();
  const merge = "application/merge-patch+json";
  expect((await patch({ credential_type, credentials })).body.name).toBe(name);
  expect((await patch({ credential_type, credentials, name: null })).body.name).toBe(name);
  expect((await patch({ name: null, tags: ["x"] }, merge)).body.name).toBe(name);
  expect((await patch({ credential_type, credentials, name: `${name} 2` })).body.name).toBe(`${name} 2`);
  expect((await patch({ name: `${name} 3` }, merge)).body.name).toBe(`${name} 3`);
  expect((await patch({ name: "" }, merge)).status).toBe(422);
});
