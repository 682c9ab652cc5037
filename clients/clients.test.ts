import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { buildClients } from "./build.mjs";

const run = promisify(execFile);
const folder = fileURLToPath(new URL(".", import.meta.url));

/** As it is published; there once it is built. */
let client: typeof import("./typescript/src/index");
beforeAll(async () => {
  await buildClients();
  client = await import("./typescript/src/index");
});

/** What the network does, step by step: a fake at its edge. */
type Step = Response | Error | (() => Response);

function world(...steps: Step[]) {
  const sent: Request[] = [];
  const waits: number[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    sent.push(request);
    const step = steps[sent.length - 1];
    if (step instanceof Error) throw step;
    if (step === undefined) throw new Error("asked once more than expected");
    return typeof step === "function" ? step() : step;
  };
  const wait = async (ms: number) => void waits.push(ms);
  const latchkey = client.createLatchkey({ baseUrl: "https://vault.example", token: "t", fetch, wait, maxAttempts: 3 });
  return { latchkey, sent, waits };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
const refused = (status: number, code: string, headers = {}) =>
  json(status, { error: { message: "No", code, details: null }, request_id: "r" }, { "x-request-id": "r", ...headers });
const cut = () => new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
const unreached = () => new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });

const list = "/api/integrations/credentials";
const one = "/api/integrations/credentials/{credential_id}";
const body = { provider: "sftp", credential_type: "user_password", credentials: {} } as const;
const change = {
  params: { path: { credential_id: "c" } },
  body: { credential_type: "user_password", credentials: {} },
} as const;

describe("a create", () => {
  test("carries the same Idempotency-Key in each attempt, and waits as it is told", async () => {
    const { latchkey, sent, waits } = world(
      cut(),
      refused(503, "unavailable", { "retry-after": "7" }),
      json(201, { id: "c" }),
    );
    expect((await latchkey.POST(list, { body })).data).toEqual({ id: "c" });
    const keys = sent.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    expect(waits[1]).toBe(7_000);
    expect(await sent[2]?.clone().json()).toEqual(body);
  });

  test("carries the key that it was given", async () => {
    const { latchkey, sent } = world(json(201, {}));
    await latchkey.POST(list, { body, params: { header: { "Idempotency-Key": "mine" } } });
    expect(sent[0]?.headers.get("idempotency-key")).toBe("mine");
  });
});

describe("a change that no key protects", () => {
  test.each([
    ["a connection that breaks", cut()],
    ["an answer of something in between", refused(502, "bad_gateway")],
    ["an answer that says nothing of what became of it", refused(503, "unavailable")],
  ])("is unknown after %s, and is not sent again", async (_, step) => {
    const { latchkey, sent } = world(step);
    await expect(latchkey.PATCH(one, change)).rejects.toBeInstanceOf(client.UnknownOutcomeError);
    expect(sent.length).toBe(1);
  });

  test("has no key, whatever is asked for, since none would count", async () => {
    const { latchkey, sent } = world(cut());
    const headers = { "Idempotency-Key": "mine" };
    await expect(latchkey.PATCH(one, { ...change, headers })).rejects.toBeInstanceOf(client.UnknownOutcomeError);
    expect([sent.length, sent[0]?.headers.get("idempotency-key")]).toEqual([1, null]);
  });

  test("is sent again where nothing can have been done", async () => {
    const { latchkey, sent, waits } = world(
      unreached(),
      refused(429, "rate_limited", { "retry-after": "2" }),
      json(200, {}),
    );
    await latchkey.PATCH(one, change);
    expect([sent.length, waits[1]]).toEqual([3, 2_000]);
  });
});

describe("a read", () => {
  test("is tried as often as is said, and no more", async () => {
    const { latchkey, sent } = world(cut(), cut(), cut());
    await expect(latchkey.GET(list)).rejects.toBeInstanceOf(client.ConnectionError);
    expect(sent.length).toBe(3);
  });

  test("does not wait longer than is said", async () => {
    const { latchkey, sent } = world(refused(429, "rate_limited", { "retry-after": "3600" }));
    await expect(latchkey.GET(list)).rejects.toMatchObject({ status: 429, retryAfterSeconds: 3_600 });
    expect(sent.length).toBe(1);
  });
});

test("a refusal is told with its code, fields and request id, whatever form it has", async () => {
  const fields = [{ type: "missing", loc: ["body", "name"], msg: "Field required" }];
  const told = json(422, { error: { message: "No", code: "validation_error", details: fields }, request_id: "r" });
  const error = await world(told)
    .latchkey.GET(list)
    .catch((one: unknown) => one);
  expect(error).toBeInstanceOf(client.LatchkeyError);
  expect(error).toMatchObject({ status: 422, code: "validation_error", fields, requestId: "r" });
  const page = new Response("<html>", { status: 400 });
  await expect(world(page).latchkey.GET(list)).rejects.toMatchObject({ status: 400, code: "unreadable", fields: [] });
});

test("a redirect is not followed: it would take the token elsewhere", async () => {
  const { latchkey, sent } = world(refused(404, "not_found"));
  await expect(latchkey.GET(list)).rejects.toBeInstanceOf(client.LatchkeyError);
  expect([sent[0]?.redirect, sent[0]?.headers.get("authorization")]).toEqual(["manual", "Bearer t"]);
});

test("a token reaches no error", async () => {
  const error = await world(cut())
    .latchkey.PATCH(one, change)
    .catch((one: unknown) => one);
  expect(JSON.stringify(error) + String(error)).not.toContain("Bearer");
});

test("the Python client tries again where that can do nothing twice, and tells everything else", async () => {
  const { stderr } = await run("python3", ["-m", "unittest", "discover", "-s", "python"], {
    cwd: folder,
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
  });
  expect(stderr).toMatch(/Ran \d+ tests[\s\S]*\nOK\n$/);
});
