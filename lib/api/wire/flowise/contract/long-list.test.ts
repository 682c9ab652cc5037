import { randomUUID } from "node:crypto";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { responseOf } from "@/lib/api/http/plain-answer";
import { sendResponse } from "@/lib/api/server/web-response";
import { credentialPages } from "@/lib/credentials";
import { type Api, startApi } from "@/test/api";
import { type Tenant, tenant } from "@/test/tenant";

/** This dialect's list has no pages. However long it is, no more than a page of it is held or worked on at a time. */
const ROWS = 2_300;
let api: Api;
let mine: Tenant;
let token: string;
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
  token = await mine.token(mine.admin);
  const made = async (credentialName: string): Promise<string> => {
    const body = { name: credentialName, credentialName, plainDataObj: {} };
    return (await api.send("POST", "/api/v1/credentials", { token, body })).body.id;
  };
  const [many, few] = [await made("openAIApi"), await made("httpApiKey")];
  await multiplied(many, ROWS - 1);
  await multiplied(few, 4);
});

/** Makes further rows like one that is there. */
async function multiplied(id: string, times: number): Promise<void> {
  const owner = new pg.Client({ connectionString: process.env.TEST_OWNER_DATABASE_URL });
  await owner.connect();
  await owner.query("SELECT set_config('app.org_id', $1, false)", [mine.orgId]);
  await owner.query(
    `INSERT INTO credential SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'name', c.name || i,
       'name_key', lower(c.name) || i, 'created_at', c.created_at + i * interval '1 millisecond'))).*
       FROM credential c, generate_series(1, $2::int) i WHERE c.id = $1::uuid`,
    [id, times],
  );
  await owner.end();
}

interface Item {
  id: string;
  credentialName: string;
  createdDate: string;
}
const list = async (query: string): Promise<Item[]> =>
  (await api.send("GET", `/api/v1/credentials${query}`, { token })).body;

describe("a list longer than is held", () => {
  test("is the same list: everything once, oldest first, in the same shape", async () => {
    const all = await list("");
    expect(all).toHaveLength(ROWS + 5);
    expect(new Set(all.map(({ id }) => id)).size).toBe(ROWS + 5);
    expect(all.map(({ createdDate }) => createdDate)).toEqual(all.map(({ createdDate }) => createdDate).sort());
    expect(Object.keys(all.at(-1) ?? {}).sort()).toEqual(Object.keys(all[0] ?? {}).sort());
  });

  test("keeps the order of the kinds asked for, and gives a kind asked for twice twice", async () => {
    const kinds = async (query: string) => {
      const found = (await list(query)).map(({ credentialName }) => credentialName);
      return found.flatMap((kind, at) => (kind === found[at - 1] ? [] : [[kind, countFrom(found, at)]]));
    };
    const both = [
      ["httpApiKey", 5],
      ["openAIApi", ROWS],
    ];
    for (const query of [
      "?credentialName=httpApiKey&credentialName=openAIApi",
      "?credentialName[]=httpApiKey&credentialName[]=openAIApi",
      "?credentialName[0]=httpApiKey&credentialName[1]=openAIApi",
    ])
      expect(await kinds(query), query).toEqual(both);
    expect(await kinds("?credentialName=httpApiKey&credentialName=httpApiKey")).toEqual([["httpApiKey", 10]]);
  });

  test("has a validator while it is short, and none where it is not held", async () => {
    const tagOf = async (query: string) =>
      (await api.send("GET", `/api/v1/credentials${query}`, { token })).headers.get("etag");
    expect(await tagOf("?credentialName=httpApiKey")).toMatch(/^W\//);
    expect(await tagOf("")).toBeNull();
    expect(await api.send("HEAD", "/api/v1/credentials", { token })).toMatchObject({ status: 200, text: "" });
  });

  test("of more than 200 kinds is refused", async () => {
    const many = Array.from({ length: 201 }, () => "credentialName=openAIApi").join("&");
    expect((await api.send("GET", `/api/v1/credentials?${many}`, { token })).status).toBe(400);
  });
});

const countFrom = (kinds: string[], at: number) => {
  const end = kinds.findIndex((kind, index) => index > at && kind !== kinds[at]);
  return (end < 0 ? kinds.length : end) - at;
};

test("a page is read when it is asked for, and none once the caller has gone", async () => {
  const gone = new AbortController();
  const pages = credentialPages({ ...mine.admin, signal: gone.signal }, { sort: "created_at" });
  expect((await pages.next()).value).toHaveLength(200);
  gone.abort();
  await expect(pages.next()).rejects.toThrow();
});

describe("an answer that is sent as it is read", () => {
  let [read, ended] = [0, 0];
  const server = createServer((_, outgoing) => {
    const headers = { "Content-Type": "application/json" };
    sendResponse(outgoing, responseOf({ status: 200, headers, text: undefined, stream: endless() })).catch(() =>
      outgoing.destroy(),
    );
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void server.close().closeAllConnections());

  async function* endless() {
    try {
      for (;;) {
        read += 1;
        yield randomUUID().repeat(2_000);
      }
    } finally {
      ended += 1;
    }
  }

  test("goes no faster than its client, and ends with it", async () => {
    const { port } = server.address() as AddressInfo;
    const request = get({ host: "127.0.0.1", port });
    const answer = await new Promise<NodeJS.ReadableStream>((resolve) => request.once("response", resolve));
    answer.pause();
    await expect
      .poll(async () => {
        const before = read;
        await new Promise((resolve) => setImmediate(resolve));
        return read - before;
      })
      .toBe(0);
    request.on("error", () => undefined).destroy();
    await expect.poll(() => ended).toBe(1);
  });
});
