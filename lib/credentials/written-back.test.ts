import { generateKeyPairSync, randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialType, Method } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";
import { type Api, startApi } from "@/test/api";
import { oneOfEachShape } from "@/test/providers/shape";
import { type Tenant, tenant } from "@/test/tenant";
import { createCredential } from "./create";
import { deleteCredential } from "./remove";
import { credentialsOf } from "./repository";
import { openData } from "./sealed-data";

/** What a door hands out may come back: read, written back, nothing is other than before; renamed, the name alone is. */
let api: Api;
let mine: Tenant;
let key: string;
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
  key = await mine.token(mine.admin);
});

async function stateOf(id: string) {
  const row = await credentialsOf(wholeOf(mine.orgId)).find(id);
  if (!row) throw new Error("it is gone");
  const { name, tags, summary, config, secretInfo, needsReauth, expiresAt, active, externalId } = row;
  const data = openData(row, row.sealed);
  return { name, data, rest: { tags, summary, config, secretInfo, needsReauth, expiresAt, active, externalId } };
}

interface Kind {
  provider: string;
  type: CredentialType;
  data: Record<string, unknown>;
  openType?: boolean;
}
const create = (kind: Kind) => createCredential(mine.admin, { ...kind, name: `k ${randomUUID()}` });

const sendToFlowise = (method: string, id: string, body?: unknown) =>
  api.send(method, `/api/v1/credentials/${id}`, { token: key, body });

/** Through Flowise's door, as its own page does it: everything that was read is sent again. */
async function unchangedAtFlowise(id: string): Promise<{ before: Awaited<ReturnType<typeof stateOf>>; read: object }> {
  const before = await stateOf(id);
  const read = (await sendToFlowise("GET", id)).body;
  const unchanged = await sendToFlowise("PUT", id, read);
  expect(unchanged.status, unchanged.text).toBe(200);
  expect(await stateOf(id)).toEqual(before);
  return { before, read };
}

async function atFlowise(id: string): Promise<void> {
  const { before, read } = await unchangedAtFlowise(id);
  const renamed = await sendToFlowise("PUT", id, { ...read, name: `renamed ${id}` });
  expect(renamed.status, renamed.text).toBe(200);
  expect(await stateOf(id)).toEqual({ ...before, name: `renamed ${id}` });
}

/** Through SuperAI's: all that a merge may name of what was read. */
async function atSuperAi(id: string): Promise<void> {
  const before = await stateOf(id);
  const path = `/api/integrations/credentials/${id}`;
  const { provider, name, tags, expires_at, credential_type } = (await api.send("GET", path, { token: key })).body;
  const headers = { "content-type": "application/merge-patch+json" };
  const merge = async (named: string) => {
    const body = { provider, name: named, tags, expires_at, credential_type };
    const answer = await api.send("PATCH", path, { token: key, headers, body });
    expect(answer.status, answer.text).toBe(200);
  };
  await merge(name);
  expect(await stateOf(id)).toEqual(before);
  await merge(`named again ${id}`);
  expect(await stateOf(id)).toEqual({ ...before, name: `named again ${id}` });
}

async function writtenBack(kind: Kind, ...doors: ((id: string) => Promise<unknown>)[]): Promise<void> {
  const { id } = await create(kind);
  for (const door of doors) await door(id);
  await deleteCredential(mine.admin, id);
}

const kinds = providers().flatMap(({ id, methods }) => methods.map((method) => ({ provider: id, method })));
/** The example of a key is none that could be opened. */
const privateKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
const exampleOf = ({ method }: { method: Method }) => ({
  ...method.example,
  ...(method.type === "key_file" && { private_key: privateKey }),
});

const named = kinds.map((kind) => ({ ...kind, id: kind.provider, name: `${kind.provider} ${kind.method.type}` }));
/** Through both doors goes one of each shape; a merge at SuperAI's names none of the values, in which alone the others differ. */
const bothDoors = oneOfEachShape(named);

test.each([...bothDoors])(
  "$name: all that was read, sent again, changes nothing; a new name changes the name",
  async (kind) => {
    await writtenBack({ provider: kind.provider, type: kind.method.type, data: exampleOf(kind) }, atFlowise, atSuperAi);
  },
);

test.each(named.filter((kind) => !bothDoors.has(kind)))(
  "$name: all that was read, sent again, changes nothing",
  async (kind) => {
    await writtenBack({ provider: kind.provider, type: kind.method.type, data: exampleOf(kind) }, unchangedAtFlowise);
  },
);

describe("Flowise's door", () => {
  test("a kind that nobody knows, too", async () => {
    const data = { anything: "x", number: 1, yes: true, host: "h", url: "u" };
    await writtenBack(
      { provider: `unknown-${randomUUID()}`, type: "api_key", data, openType: true },
      atFlowise,
      atSuperAi,
    );
  });

  const URLS = [
    ["PostgresUrl", "postgresUrl"],
    ["mongoDBUrlApi", "mongoDBConnectUrl"],
    ["redisCacheUrlApi", "redisUrl"],
    ["openSearchUrl", "openSearchUrl"],
  ] as const;
  const url = fc.record({
    scheme: fc.constantFrom("postgresql", "mongodb", "redis", "https", "jdbc:x"),
    user: fc.constantFrom("", "bob@", "bob:hunter2@", ":only@", "bob:••••••@", "a%40b:c%3Ad@", "bób:pä@"),
    place: fc.constantFrom("db.test", "db.test:5433", "[::1]:6379", "a.test:1,b.test:2", "bücher.example", "db.test:0"),
    path: fc.constantFrom("", "/", "/shop", "/a/b/secret-path", "/shop/••••••"),
    query: fc.constantFrom("", "?sslmode=require&application_name=flow", "?password=x", "?a=b@c", "#f"),
  });
  test("a URL keeps every part of it: port, user, path, parameters", async () => {
    await fc.assert(
      fc.asyncProperty(
        url,
        fc.constantFrom(...URLS),
        async ({ scheme, user, place, path, query }, [provider, name]) => {
          const data = { [name]: `${scheme}://${user}${place}${path}${query}` };
          const type = typeOf(provider);
          await writtenBack({ provider, type, data: { ...data, host: "free", url: "free" } }, atFlowise);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("one value is changed, and all others come back as they were shown: a URL, numbers, secrets", async () => {
    const data = {
      upstashConnectionUrl: "https://bob:hunter2@cache.test:9201/a?b=c",
      upstashConnectionToken: "s3cret",
    };
    const { id } = await create({ provider: "upstashRedisApi", type: typeOf("upstashRedisApi"), data });
    const shown = (await api.send("GET", `/api/v1/credentials/${id}`, { token: key })).body.plainDataObj;
    const body = { plainDataObj: { ...shown, upstashConnectionToken: "another" } };
    const answer = await api.send("PUT", `/api/v1/credentials/${id}`, { token: key, body });
    expect(answer.status, answer.text).toBe(200);
    expect((await stateOf(id)).data).toEqual({ ...data, upstashConnectionToken: "another" });
  });

  const BLANK = "_FLOWISE_BLANK_07167752-1a71-43b1-bf8f-4f32252165db";
  const odd = fc.oneof(
    fc.constantFrom(
      "",
      null,
      "••••••",
      "ab••••••cd",
      "********",
      BLANK,
      "null",
      " ",
      "[object Object]",
      "é",
      "💥",
      0,
      false,
    ),
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.integer(),
    fc.boolean(),
  );
  test("values that look like masks, are empty, or are of another type stay what they are", async () => {
    const declared = kinds.filter(({ method }) => method.openFields);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...declared),
        fc.array(odd, { minLength: 12, maxLength: 12 }),
        async (kind, some) => {
          const names = [...Object.keys(kind.method.fields), "further", "host", "url", "value"].slice(-12);
          const data = Object.fromEntries(names.map((name, at) => [name, some[at]]));
          const { provider, method } = kind;
          await writtenBack({ provider, type: method.type, data }, atFlowise).catch(unlessRefusedAtFirst);
        },
      ),
      { numRuns: 80 },
    );
  });

  test("a URL with bullets in it that is not the one shown is refused and never stored", async () => {
    const data = { postgresUrl: "postgresql://bob:hunter2@db.example.com/x" };
    const { id } = await create({ provider: "PostgresUrl", type: typeOf("PostgresUrl"), data });
    for (const body of [
      { plainDataObj: { postgresUrl: "postgresql://bob:••••••@elsewhere.example/x" } },
      { plainDataObj: { postgresUrl: "••••••" } },
    ]) {
      const answer = await api.send("PUT", `/api/v1/credentials/${id}`, { token: key, body });
      expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining("plainDataObj.postgresUrl")]);
    }
    const body = { name: "n", credentialName: "PostgresUrl", plainDataObj: { postgresUrl: "postgresql://a:••••••@b" } };
    expect((await api.send("POST", "/api/v1/credentials", { token: key, body })).status).toBe(400);
    expect((await stateOf(id)).data).toEqual(data);
  });

  test("a password of bullets is a password", async () => {
    const { id } = await create({ provider: "openAIApi", type: "api_key", data: { openAIApiKey: "old" } });
    const body = { plainDataObj: { openAIApiKey: "••••••••" } };
    expect((await api.send("PUT", `/api/v1/credentials/${id}`, { token: key, body })).status).toBe(200);
    expect((await stateOf(id)).data).toEqual({ openAIApiKey: "••••••••" });
  });

  test("a name of 200 signs of two code units each keeps them all", async () => {
    const body = { name: `${randomUUID()}${"💥".repeat(164)}`, credentialName: "openAIApi", plainDataObj: {} };
    const { id } = (await api.send("POST", "/api/v1/credentials", { token: key, body })).body;
    const read = (await api.send("GET", `/api/v1/credentials/${id}`, { token: key })).body;
    expect((await api.send("PUT", `/api/v1/credentials/${id}`, { token: key, body: read })).body.name).toBe(body.name);
  });
});

const typeOf = (provider: string) => kinds.find((one) => one.provider === provider)?.method.type ?? "api_key";

/** What may not be stored in the first place is no case of this property. */
function unlessRefusedAtFirst(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
