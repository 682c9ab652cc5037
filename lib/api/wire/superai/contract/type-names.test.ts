import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { CredentialType, Method } from "@/lib/providers/define";
import { findMethod, providers } from "@/lib/providers/index";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";
import { namesFor, typeMeant, typeNames } from "../type-names";

const PATH = "/api/integrations/credentials";
let api: Api;
let own: Tenant;
let user: string;
let program: string;
beforeAll(async () => {
  api = await startApi();
  own = await tenant();
  [user, program] = [await own.token(own.user), await own.token(own.program)];
});

/** What each name of the contract means, beside the types themselves: provider, name, and the type it is kept as. */
const MEANT: [provider: string, name: string, type: CredentialType][] = [
  ["microsoft", "client_credentials", "oauth2"],
  ["microsoft", "sharepoint_receive", "oauth2"],
  ["sharepoint", "sharepoint_receive", "sharepoint_oauth"],
  ["google", "google_drive_receive", "google_oauth"],
  ["sftp", "sftp", "user_password"],
  ["sftp", "sftp", "key_file"],
  ["azure_blob", "azure_blob_receive", "api_key"],
  ["azure_blob", "azure_blob_receive", "shared_access_signature"],
  ["azure_blob", "azure_blob_receive", "client_credentials"],
];

const exampleOf = (provider: string, type: CredentialType) => (findMethod(provider, type) as Method).example;

const body = (provider: string, credential_type: string, credentials: object) => ({
  ...{ provider, credential_type, credentials },
  name: randomUUID(),
});
const send = (method: string, path: string, sent: unknown, token = user) =>
  api.send(method, path, { token, body: sent });

test("the names are those of the contract's two generations, and one of our own", () => {
  expect([...typeNames].sort()).toEqual([
    "api_key",
    "azure_blob_receive",
    "client_credentials",
    "google_drive_receive",
    "google_oauth",
    "key_file",
    "oauth2",
    "sftp",
    "shared_access_signature",
    "sharepoint_oauth",
    "sharepoint_receive",
    "user_password",
  ]);
});

test("for every provider a name is one of its types, means one of them, or is refused with the names that it takes", () => {
  for (const { id, methods } of providers()) {
    const types = methods.map(({ type }) => type);
    for (const name of typeNames) {
      const meant = MEANT.filter(([provider, one]) => provider === id && one === name).map(([, , type]) => type);
      const isOwn = types.some((type) => type === name);
      const own = isOwn || meant.length > 0;
      const answer = attempt(() => typeMeant({ name, provider: id, sent: [] }));
      if (own) expect([...(isOwn ? [name] : meant)], `${id} ${name}`).toContain(answer);
      // What the core knows as a type is the core's to refuse.
      else expect([name, expect.stringContaining(types[0] ?? "")], `${id} ${name}`).toContainEqual(answer);
    }
    expect(namesFor(id), id).toEqual([
      ...new Set(MEANT.filter(([provider]) => provider === id).map(([, name]) => name)),
    ]);
  }
});

function attempt(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

describe("over HTTP", () => {
  const kinds = providers().filter(({ id }) => /^[a-z0-9_]+$/.test(id) && id !== "oauth2_client");
  const combinations = kinds.flatMap(({ id, methods }) => typeNames.map((name) => ({ id, name, methods })));
  const misfits = combinations.filter(
    ({ id, name, methods }) =>
      !methods.some(({ type }) => type === name) && !MEANT.some(([provider, one]) => provider === id && one === name),
  );

  test("a combination that does not fit is 400 for a save and a test, naming the type", async () => {
    expect(misfits.length).toBeGreaterThan(80);
    for (const { id, name } of misfits) {
      for (const path of [PATH, `${PATH}/test`]) {
        const { name: _, ...values } = body(id, name, {});
        const answer = await send("POST", path, values);
        expect([answer.status, answer.body.error?.details?.[0]?.loc], `${id} ${name} ${path}`).toEqual([
          400,
          ["body", "credential_type"],
        ]);
      }
    }
  });

  // A key is opened in the worker, in the tests of what is tried out.
  test.each(MEANT.filter(([, , type]) => type !== "key_file"))(
    "%s by %s is kept as %s, handed out as sent, and changed under the same name",
    async (provider, name, type) => {
      const values = exampleOf(provider, type);
      const made = await send("POST", PATH, body(provider, name, values));
      expect([made.status, made.body.credential_type], made.text).toEqual([201, type]);
      const path = `${PATH}/${made.body.id}`;
      const stored = await api.send("GET", `${path}/credentials`, { token: program });
      if (findMethod(provider, type)?.authorization === undefined)
        expect([stored.status, stored.body]).toEqual([200, expect.objectContaining(values)]);
      const changed = await send("PATCH", path, { credential_type: name, credentials: values });
      expect([changed.status, changed.body.credential_type], changed.text).toEqual([200, type]);
      const merged = await api.send("PATCH", path, {
        token: user,
        body: { credential_type: name, name: randomUUID() },
        headers: { "content-type": "application/merge-patch+json" },
      });
      expect([merged.status, merged.body.credential_type], merged.text).toEqual([200, type]);
      const misfit = await send("PATCH", path, { credential_type: "key_file", credentials: values });
      expect([misfit.status], misfit.text).toEqual([400]);
    },
  );

  test("the catalogue lists every name that a provider takes", async () => {
    const { body: entries } = await api.send("GET", "/api/integrations/catalog", { token: user });
    const typesOf = (id: string) =>
      entries.find(({ provider }: { provider: string }) => provider === id)?.credential_types;
    for (const [provider, name, type] of MEANT) expect(typesOf(provider)).toEqual(expect.arrayContaining([name, type]));
    expect(typesOf("postgresql")).toEqual(["user_password"]);
  });
});

describe("file_storage, which is several kinds", () => {
  test("is refused for a new credential and a test, by the names of the kinds to use", async () => {
    for (const path of [PATH, `${PATH}/test`]) {
      const { name: _, ...values } = body("file_storage", "api_key", {});
      const { status, body: answer } = await send("POST", path, values);
      expect([status, answer.error.code, answer.error.details[0].loc]).toEqual([
        400,
        "bad_request",
        ["body", "provider"],
      ]);
      for (const kind of ["azure_blob", "google", "sftp", "sharepoint", "sharepoint_client_secret"])
        expect(answer.error.message).toContain(kind);
    }
  });

  test("lists the credentials of all of them and of no other, in whatever case it is written", async () => {
    const mine = await tenant();
    const token = await mine.token(mine.user);
    const make = async (provider: string, type: CredentialType) =>
      (await send("POST", PATH, body(provider, type, exampleOf(provider, type)), token)).body.id;
    const files = [
      await make("sftp", "user_password"),
      await make("azure_blob", "api_key"),
      await make("google", "oauth2"),
    ];
    await make("postgresql", "user_password");
    for (const path of [
      `${PATH}/provider/file_storage`,
      `${PATH}/provider/File_Storage`,
      `${PATH}?provider=file_storage`,
    ]) {
      const { status, body: list } = await api.send("GET", path, { token });
      expect([status, list.map(({ id }: { id: string }) => id)], path).toEqual([200, [...files].reverse()]);
    }
    expect((await api.send("GET", `${PATH}/provider/file_storages`, { token })).status).toBe(400);
  });
});
