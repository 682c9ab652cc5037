import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CredentialData, isSecret, type Method, obtainedBy } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";
import type { Answer, Api, Sent } from "@/test/api";
import { Canaries, plantedValues, refusedValues } from "@/test/canaries";
import { captureOutput } from "@/test/output";
import { ownDatabase, wholeDatabase } from "@/test/own-database";
import { oneOfEachShape } from "@/test/providers/shape";
import { buildWorker } from "@/test/providers/worker";
import { startPeer } from "@/test/servers/peer";
import type { Tenant } from "@/test/tenant";

/**
 * Secrets are planted in every field of every kind of credential and sent on every path, accepted and refused. They may
 * come out in one place, the fetch of a service account. A database of its own, and all that the process says, are read.
 */
const database = await ownDatabase();
const peer = await startPeer(echoesThePassword);
Object.assign(process.env, {
  DATABASE_URL: database.url,
  LOG_LEVEL: "debug",
  // One user sends all of this within a minute.
  RATE_LIMIT_PER_MINUTE: "1000000",
  OUTBOUND_ALLOW: `127.0.0.1/32:${peer.port}`,
  // No test may call Amazon.
  AWS_ENDPOINT: `http://127.0.0.1:${peer.port}`,
});
const output = captureOutput();

const marks = new Canaries();
const NAME = `Known ${randomUUID()}`;
const REQUEST_ID = `known-${randomUUID()}`;
const PATH = "/api/integrations/credentials";
const MERGE = { "content-type": "application/merge-patch+json" };
const kinds = providers().flatMap(({ id, methods }) => methods.map((method) => ({ id, method, type: method.type })));
/**
 * Every kind is stored, read, fetched and refused. On every path there is, and with one bad field at a time, goes one of each
 * shape: what differs between two of a shape are names, and what is made of those lib/providers/index.test.ts asks of each.
 */
const everyPath = oneOfEachShape(kinds);

let api: Api;
let own: Tenant;
let user: string;
let program: string;
let worker: Awaited<ReturnType<typeof buildWorker>>;
const answers: string[] = [];

beforeAll(async () => {
  const { startApi } = await import("@/test/api");
  const { tenant } = await import("@/test/tenant");
  [api, own, worker] = await Promise.all([startApi(), tenant(), buildWorker()]);
  // One person has some of every kind.
  const { platformActor, updateOrganization } = await import("@/lib/organizations");
  await updateOrganization(platformActor("limits"), own.orgId, { maxPerUser: 1_000, maxPerProvider: 1_000 });
  [user, program] = [await own.token(own.user), await own.token(own.program)];
  for (const token of [user, program]) marks.lookFor("an API token", Buffer.from(token));
});
afterAll(async () => {
  worker?.forget();
  await peer.stop();
});

/** Sends, and looks for every secret in all of the answer. */
async function send(method: string, path: string, options: Sent = {}): Promise<Answer> {
  const headers = { "x-request-id": REQUEST_ID, ...options.headers };
  const answer = await api.send(method, path, { token: user, ...options, headers });
  const text = JSON.stringify([...answer.headers]) + answer.text;
  answers.push(text);
  expect(marks.foundIn(text), `${method} ${path} ${answer.status}`).toEqual([]);
  return answer;
}

const body = (id: string, method: Method, credentials: object, more: object = {}) => ({
  provider: id,
  credential_type: method.type,
  credentials,
  ...more,
});
const create = async (id: string, method: Method, values: object) =>
  (await send("POST", PATH, { body: body(id, method, values, { name: `${NAME} ${randomUUID()}` }) })).body.id;
/** One that is stored, and whose secret is nobody's. */
const sftp = kinds.find(({ id, type }) => id === "sftp" && type === "user_password") as (typeof kinds)[number];
const sftpValues = () => plantedValues("sftp", sftp.method, marks)[0] as CredentialData;

/** Milliseconds for what goes through every path of a kind, or looks for every secret in every row. */
const WHOLE_KIND = 90_000;

/** Values that a form makes are stored; tokens that signing in leaves behind are refused here. */
const isFromForm = ({ id, method }: (typeof kinds)[number]) =>
  obtainedBy(method, plantedValues(id, method, marks)[0] ?? {}) === "values";

test.each(kinds.filter(isFromForm))(
  "stored secrets of $id $type come out of a service account's fetch alone",
  async (kind) => {
    const { id, method } = kind;
    for (const values of plantedValues(id, method, marks)) {
      const headers = { "idempotency-key": randomUUID() };
      const made = body(id, method, values, { name: `${NAME} ${randomUUID()}`, tags: ["known"] });
      const first = await send("POST", PATH, { body: made, headers });
      expect(first.status).toBe(201);
      const path = `${PATH}/${first.body.id}`;
      if (everyPath.has(kind)) await sendAgain(kind, values, path, made, headers);
      expect((await send("GET", path)).status).toBe(200);
      const fetched = await api.send("GET", `${path}/credentials`, { token: program });
      const planted = Object.keys(values).filter((name) => isSecret(method, name));
      for (const name of planted) expect(fetched.body[name]).toBe(values[name]);
      expect(marks.foundIn(fetched.text)).toHaveLength(planted.length);
      if (everyPath.has(kind)) await tryAndRotate(kind, path);
    }
    expect((await send("GET", `${PATH}/provider/${id}`)).text).toContain(NAME);
  },
  WHOLE_KIND,
);

/** Everything that takes the values of what is stored already. */
async function sendAgain(
  { id, method }: (typeof kinds)[number],
  values: CredentialData,
  path: string,
  made: object,
  headers: Record<string, string>,
): Promise<void> {
  const replayed = await send("POST", PATH, { body: made, headers });
  expect([replayed.status, replayed.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
  expect((await send("POST", PATH, { body: { ...made, tags: [] }, headers })).status).toBe(422);
  expect((await send("PATCH", path, { body: body(id, method, values) })).status).toBe(200);
  expect((await send("PATCH", path, { body: { credentials: values }, headers: MERGE })).status).toBe(200);
  // Beside its version lies what was changed of the plain values.
  const renamed = { name: `${NAME} ${randomUUID()}`, credentials: values };
  expect((await send("PATCH", path, { body: renamed, headers: MERGE })).status).toBe(200);
  expect((await send("GET", `${path}/credentials`)).status).toBe(403);
}

/** What uses the stored values. The declared kinds are of services in the world, which no test may call. */
async function tryAndRotate({ method }: (typeof kinds)[number], path: string): Promise<void> {
  if (!method.openFields) await send("POST", `${path}/test`);
  if (method.rotates) expect((await send("POST", `${path}/rotate`)).status).toBe(200);
  await send("POST", `/api/integrations/postgres/test-connection/${path.slice(PATH.length + 1)}`);
  expect((await send("GET", PATH)).text).toContain(NAME);
}

const REFUSED = [400, 404, 422];
const secretIn = ({ id, type }: (typeof kinds)[number], name: string) => marks.secret(`${id} ${type} ${name} refused`);

describe.each(kinds)("the secrets of $id $type", (kind) => {
  const { id, method } = kind;
  const variants = plantedValues(id, method, marks);

  test("are planted in every secret field", () => {
    const planted = new Set(variants.flatMap((values) => Object.keys(values)));
    for (const [name, field] of Object.entries(method.fields)) if (field.secret) expect(planted).toContain(name);
  });

  test("are in no refusal of a value, with one in every field", async () => {
    const refused = Object.keys(method.fields).map(
      (name) => [name, refusedValues(method, name, secretIn(kind, name))] as const,
    );
    const rounds = Math.max(0, ...refused.map(([, values]) => values.length));
    for (let round = 0; round < rounds; round++) {
      const values = Object.fromEntries(refused.map(([name, some]) => [name, some[round % some.length]]));
      const { status } = await send("POST", round % 2 ? PATH : `${PATH}/test`, { body: body(id, method, values) });
      expect(REFUSED, JSON.stringify(values)).toContain(status);
    }
  });
});

describe.each([...everyPath])("the secrets of $id $type", (kind) => {
  const { id, method } = kind;

  test("are in no refusal of a value, on any path", async () => {
    const values = plantedValues(id, method, marks)[0] ?? {};
    const path = `${PATH}/${isFromForm(kind) ? await create(id, method, values) : randomUUID()}`;
    for (const name of [...Object.keys(method.fields), "nonsense"]) {
      const secret = secretIn(kind, name);
      const unfit = method.openFields ? [{ secret }, [secret], `${secret}\0`] : [secret, { secret }];
      for (const value of name === "nonsense" ? unfit : refusedValues(method, name, secret)) {
        const { [name]: _, ...others } = values;
        const bad = body(id, method, { ...others, [name]: value });
        const merge = { body: { credentials: { [name]: value } }, headers: MERGE };
        const refused = await Promise.all([
          send("POST", PATH, { body: bad }),
          send("PATCH", path, { body: bad }),
          send("PATCH", path, merge),
          send("POST", `${PATH}/test`, { body: bad }),
        ]);
        for (const { status } of refused) expect(REFUSED, `${name} ${JSON.stringify(value)}`).toContain(status);
      }
    }
  });
});

/** Whose shape is judged before anybody looks at the kind: ours, and of the declared ones one of each way to sign in. */
const sorts = kinds.filter(
  ({ id, type, method }) =>
    !method.openFields || id === kinds.find((one) => one.method.openFields && one.type === type)?.id,
);

describe.each(sorts)("the secrets of $id $type", ({ id, method }) => {
  test("are in no refusal of a shape, a caller or a precondition", async () => {
    const values = plantedValues(id, method, marks)[0] ?? {};
    const good = body(id, method, values);
    const [secret] = Object.entries(values).flatMap(([name, value]) => (isSecret(method, name) ? [value] : []));
    const text = JSON.stringify(good);
    const path = `${PATH}/${await create("sftp", sftp.method, sftpValues())}`;
    const statusOf = async (method: string, at: string, options: Sent) => (await send(method, at, options)).status;
    for (const wrong of [
      { provider: secret },
      { credential_type: secret },
      { credentials: [secret] },
      { credentials: secret },
      { nonsense: secret },
      { expires_at: secret },
      { tags: secret },
      { name: { secret } },
    ]) {
      expect(await statusOf("POST", PATH, { body: { ...good, ...wrong } })).toBe(422);
      expect(await statusOf("POST", `${PATH}/test`, { body: { ...good, ...wrong } })).toBeGreaterThanOrEqual(400);
    }
    expect(await statusOf("POST", PATH, { body: good, token: String(secret).replace(/\s/g, "") })).toBe(401);
    expect(await statusOf("POST", PATH, { body: good, token: program })).toBe(403);
    expect(await statusOf("PATCH", path, { body: good, token: await own.token(own.other) })).toBe(404);
    expect(await statusOf("PATCH", path, { body: good, token: await own.token(own.auditor) })).toBe(403);
    expect(await statusOf("PATCH", `${PATH}/${randomUUID()}`, { body: good })).toBe(404);
    expect(await statusOf("PATCH", path, { body: good, headers: { "if-match": '"99"' } })).toBe(412);
    expect(await statusOf("POST", PATH, { body: { ...good, name: "x".repeat(300_000) } })).toBe(413);
    expect(await statusOf("POST", PATH, { body: text, headers: { "content-type": "text/plain" } })).toBe(415);
    expect(await statusOf("PUT", path, { body: good })).toBe(405);
    expect(await statusOf("DELETE", PATH, { body: good })).toBe(405);
    expect(await statusOf("POST", "/api/integrations/nothing/here", { body: good })).toBe(404);
    const double = `{"credentials":${JSON.stringify(values)},${text.slice(1)}`;
    for (const damaged of [double, text.slice(0, -1), `${text}${text}`, `[${text}]`, JSON.stringify(text)]) {
      expect([400, 422]).toContain(await statusOf("POST", PATH, { body: damaged }));
    }
  });
});

describe("a secret in the wrong place", () => {
  const secret = () => marks.secret("the wrong place");
  const inUrl = () => encodeURIComponent(secret());
  // Of one person sixty refusals a minute are on record: here each of them is.
  let busy: string;
  beforeAll(async () => {
    const { tenant } = await import("@/test/tenant");
    const fresh = await tenant();
    [busy, user] = [user, await fresh.token(fresh.user)];
  });
  afterAll(() => {
    user = busy;
  });

  test("a path or a query is refused without repeating it", async () => {
    for (const path of [
      `${PATH}/${inUrl()}`,
      `${PATH}/provider/${inUrl()}`,
      `/api/integrations/${inUrl()}`,
      `/api/service-accounts/${inUrl()}`,
    ]) {
      for (const method of ["GET", "PATCH", "DELETE", "POST"]) {
        expect((await send(method, path, method === "GET" ? {} : { body: {} })).status).toBeGreaterThanOrEqual(400);
      }
    }
    for (const name of ["sort", "status", "cursor", "limit", "nonsense"]) {
      expect((await send("GET", `${PATH}?${name}=${inUrl()}`)).status).toBe(400);
      expect((await send("GET", `${PATH}?${name}=${inUrl()}&${name}=${inUrl()}`)).status).toBe(400);
    }
    expect((await send("GET", `${PATH}?q=${inUrl()}`)).body).toEqual([]);
  });

  test("a header is refused or taken without repeating it", async () => {
    const path = `${PATH}/${await create("sftp", sftp.method, sftpValues())}`;
    const plain = secret();
    const bad = { name: "no" };
    await send("POST", PATH, { body: body("sftp", sftp.method, sftpValues()), headers: { "idempotency-key": plain } });
    expect((await send("POST", PATH, { body: bad, headers: { "idempotency-key": `${plain} and more` } })).status).toBe(
      422,
    );
    expect(
      (await send("PATCH", path, { body: body("sftp", sftp.method, {}), headers: { "if-match": `"${plain}"` } }))
        .status,
    ).toBe(412);
    expect((await send("DELETE", path, { headers: { "if-match": plain } })).status).toBe(412);
    for (const [name, value] of [
      ["authorization", `Bearer ${plain}`],
      ["authorization", `Basic ${plain}`],
      ["x-api-key", plain],
      ["x-request-id", plain],
      ["cookie", `session=${plain}`],
    ] as const) {
      const headers = { [name]: value };
      expect((await send("GET", PATH, { token: undefined, headers })).status).toBe(401);
    }
  });
});

describe("a connection test", () => {
  const database = { provider: "postgresql", credential_type: "user_password" };

  test("is silent about what it was given, also when the other side repeats it", async () => {
    const password = marks.secret("a connection test");
    const place = { host: "127.0.0.1", port: peer.port, username: "u", password };
    const [base, postgres] = ["/api/integrations", { ...place, database: "d", sslmode: "disable" }];
    const string = `postgresql://u:${encodeURIComponent(password)}@127.0.0.1:${peer.port}/d?sslmode=disable`;
    await send("POST", `${base}/postgres/test-connection`, { body: postgres });
    await send("POST", `${base}/plugins/postgres/test-connection`, { body: { connection_string: string } });
    const told = await send("POST", `${PATH}/test`, { body: { ...database, credentials: postgres } });
    expect([told.body.reason, peer.received().includes(password)]).toEqual(["server_error", true]);
    const key_file = { ...place, auth_type: "key_file", password: null, private_key_data: password };
    expect((await send("POST", `${base}/sftp/test-connection`, { body: key_file })).status).toBe(400);
    expect(
      (await send("POST", `${base}/sftp/test-connection`, { body: { ...place, auth_type: "password" } })).status,
    ).toBe(200);
    expect(
      (await send("POST", `${base}/sftp/test-connection`, { body: { ...place, auth_type: password } })).status,
    ).toBe(422);
    const { id } = (
      await send("POST", PATH, { body: { ...database, credentials: postgres, test_receipt: told.body.test_receipt } })
    ).body;
    expect((await send("POST", `${PATH}/${id}/test`)).body.reason).toBe("server_error");
    expect((await send("POST", `${base}/postgres/test-connection/${id}`)).body.success).toBe(false);
  });
});

test("an unforeseen failure in the middle of a save says nothing of what was saved", async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("ALTER TABLE credential RENAME TO credential_away");
  const answer = await send("POST", PATH, { body: body("sftp", sftp.method, sftpValues()) });
  await owner.query("ALTER TABLE credential_away RENAME TO credential");
  await owner.end();
  expect([answer.status, answer.body.error.message]).toEqual([500, "Internal server error"]);
  expect(output.join("")).toContain("unforeseen error");
});

test(
  "nothing of it all is in the database, its audit log, or what the process said; what is no secret is",
  async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const stored = await wholeDatabase(owner);
    for (const [name, rows] of Object.entries(stored)) expect(marks.foundIn(rows), name).toEqual([]);
    await owner.end();
    expect(marks.foundIn(output.join(""))).toEqual([]);
    for (const table of [
      "public.credential",
      "public.credential_change",
      "public.audit_event",
      "public.idempotency_key",
    ])
      expect(stored[table]).toContain(NAME);
    expect(output.join("")).toContain(REQUEST_ID);
    expect(answers.join("")).toContain(NAME);
    // And it would have been found in any spelling.
    const shown = Buffer.from(sftpValues().password as string);
    for (const spelling of ["utf8", "hex", "base64", "base64url"] as const) {
      expect(marks.foundIn(Buffer.concat([Buffer.from("ab"), shown]).toString(spelling))).toEqual([
        "sftp user_password password",
      ]);
    }
  },
  WHOLE_KIND,
);

/** Asks for the password in the clear and says it back. */
function echoesThePassword(socket: Socket): void {
  const message = (letter: string, text: Buffer) => {
    const head = Buffer.alloc(5, letter);
    head.writeUInt32BE(text.length + 4, 1);
    return Buffer.concat([head, text]);
  };
  socket.once("data", (first: Buffer) => {
    if (first.toString("latin1").startsWith("SSH-")) return socket.end("no SSH here\r\n");
    socket.write(message("R", Buffer.from([0, 0, 0, 3])));
    socket.once("data", (chunk: Buffer) => {
      const said = chunk.subarray(5).toString("utf8").replaceAll("\0", "");
      socket.end(message("E", Buffer.from(`SFATAL\0VFATAL\0CXX000\0M${said}\0D${said}\0\0`)));
    });
  });
}
