import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { millisToHrTime } from "@opentelemetry/core";
import { JsonLogsSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import pLimit from "p-limit";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { Unreachable } from "@/lib/platform/net/unreachable";
import { auditBatch } from "@/test/audit-batch";
import { peers } from "@/test/peers";
import { deliver, type SinkKind, type SinkSettings, sinkSettings, tryOut } from ".";
import { reasonOf } from "./ask";
import { receiptIn } from "./otlp-receipt";
import type { Delivery } from "./sink";

process.env.OUTBOUND_ALLOW = "127.0.0.1/32:1-65535";

const { http, tcp, connections } = peers();
const atOnce = pLimit(4);

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const SECOND = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
type HttpKind = Exclude<SinkKind, "syslog">;
const kinds = ["webhook", "object_store", "otlp"] as const satisfies HttpKind[];

const settingsAt = (kind: HttpKind, at: string, change: object = {}): SinkSettings =>
  sinkSettings.parse({
    ...{
      webhook: { kind, url: `${at}/in?tenant=1`, signing_secret: SECRET },
      object_store: {
        ...{ kind, endpoint: at, region: "us-east-1", bucket: "audit" },
        ...{ access_key_id: "KEY", secret_access_key: "the-secret-key", session_token: "the-session-token" },
      },
      otlp: { kind, endpoint: `${at}/base`, headers: "Authorization: Bearer t0ken\n\nX-Tenant: a: b" },
    }[kind],
    ...change,
  });

interface Got {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** Answers what a test says, once the request is here in full; as a receiver of the named kind, it is a stand-in. */
async function receiver(answer: (response: ServerResponse) => void) {
  const got: Got[] = [];
  const listener: RequestListener = async (request, response) => {
    const { method = "", url = "", headers } = request;
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    got.push({ method, url, headers, body });
    answer(response);
  };
  return { got, at: `http://127.0.0.1:${await http(listener)}` };
}

const send = async (
  kind: HttpKind,
  answer: (response: ServerResponse) => void,
  options: Parameters<typeof deliver>[2] = {},
) => {
  const { got, at } = await receiver(answer);
  const delivery = await deliver(settingsAt(kind, at), auditBatch(), options);
  return { delivery, got };
};
const word = (delivery: Delivery) => ("reason" in delivery ? `${delivery.outcome} ${delivery.reason}` : "done");

/** Under load a process takes its time to start; what is judged here is never the clock. */
const patient = { limits: { totalMs: 120_000, connectMs: 60_000, maxBytes: 64 * 1024 } };
const saidTo = (kind: HttpKind, statuses: number[]) =>
  Promise.all(
    statuses.map((status) =>
      atOnce(async () => {
        const { delivery } = await send(kind, (response) => response.writeHead(status).end(), patient);
        return `${status} ${word(delivery)}`;
      }),
    ),
  );

const MEANINGS: Record<string, number[]> = {
  done: [200, 201, 202, 204],
  "refused not_allowed": [401, 403],
  "refused not_found": [404, 410],
  "refused too_large": [413],
  "refused try_later": [408, 425, 429, 500, 502, 503, 599],
  "refused rejected": [301, 303, 308, 304, 400, 402, 409, 422],
};

test("each status but a success has one meaning", () => {
  for (const [name, statuses] of Object.entries(MEANINGS))
    for (const status of statuses)
      if (name !== "done") expect([status, `refused ${reasonOf(status)}`]).toEqual([status, name]);
});

describe.each(kinds)("%s", (kind) => {
  test("is done by a success alone, and says by the status why it is not", async () => {
    const firsts = Object.entries(MEANINGS).map(([name, [status = 0]]) => ({ name, status }));
    const tried = [...firsts, { name: "done", status: 204 }, { name: "refused rejected", status: 304 }];
    const said = await saidTo(
      kind,
      tried.map(({ status }) => status),
    );
    expect(said).toEqual(tried.map(({ name, status }) => `${status} ${name}`));
  });

  test("does not follow a redirect, and takes an answer that was cut off for none", async () => {
    const other = await receiver((response) => response.end());
    const led = await send(kind, (response) => response.writeHead(307, { location: `${other.at}/` }).end(), patient);
    expect(word(led.delivery)).toBe("refused rejected");
    expect(other.got).toEqual([]);
    const cut = await send(
      kind,
      (response) => {
        response.writeHead(200, { "content-length": "100" }).write("{");
        setImmediate(() => response.destroy());
      },
      patient,
    );
    expect(word(cut.delivery)).toBe("unknown no_answer");
    for (const secret of [SECRET, "the-secret-key"]) expect(JSON.stringify(led.got)).not.toContain(secret);
  });
});

describe("whatever is sent by HTTP", () => {
  test("is not done by an answer that is too long, or no HTTP", async () => {
    const long = await send("webhook", (response) => response.end("x".repeat(300_000)), patient);
    expect(word(long.delivery)).toBe("unknown unreadable");
    const port = await tcp((socket) => void socket.write("SSH-2.0-OpenSSH\r\n\r\n"));
    const other = await deliver(settingsAt("webhook", `http://127.0.0.1:${port}`), auditBatch(), patient);
    expect(word(other)).toBe("unknown unreadable");
  });

  test("leaves a receiver that hangs at the deadline, and when the caller gives up", async () => {
    const limits = { totalMs: 2_000, connectMs: 1_000, maxBytes: 1_000 };
    const { delivery } = await send("webhook", () => undefined, { limits });
    expect(delivery.outcome).toBe("unknown");
    const controller = new AbortController();
    const given = await send("webhook", () => controller.abort(), { ...patient, signal: controller.signal });
    expect(word(given.delivery)).toBe("unknown no_answer");
    await expect.poll(connections).toBe(0);
  });

  test("reaches no address inside with a single byte", async () => {
    let connected = 0;
    const inside = createServer().on("connection", () => {
      connected += 1;
    });
    await new Promise<void>((resolve) => inside.listen(0, "127.0.0.2", resolve));
    const { port } = inside.address() as AddressInfo;
    for (const kind of kinds)
      expect(word(await deliver(settingsAt(kind, `http://127.0.0.2:${port}`), auditBatch(), patient))).toBe(
        "unknown not_allowed",
      );
    expect(connected).toBe(0);
    await new Promise((done) => inside.close(done));
    const nobody = await deliver(settingsAt("webhook", "http://127.0.0.1:1"), auditBatch(), patient);
    expect(word(nobody)).toBe("unknown not_connected");
  });
});

describe("a webhook", () => {
  const post = async (change: object, batch = auditBatch(["ü€😀\n", "two"])) => {
    const { got, at } = await receiver((response) => response.end("ok"));
    expect(await deliver(settingsAt("webhook", at, change), batch, patient)).toEqual({ outcome: "done" });
    const [request] = got;
    if (!request) throw new Error("Nothing came");
    return { request, batch };
  };

  test("is one post, which the verifier of Standard Webhooks takes with the secret alone", async () => {
    const { request, batch } = await post({});
    expect(request).toMatchObject({ method: "POST", url: "/in?tenant=1" });
    expect(request.headers).toMatchObject({ "content-type": "application/json", "webhook-id": batch.id });
    const headers = request.headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(request.body, headers)).toEqual({
      events: batch.events.map(({ json }) => JSON.parse(json)),
      seal: JSON.parse(batch.seal),
    });
    for (const { json } of batch.events) expect(request.body).toContain(json);
    expect(() => new Webhook(SECOND).verify(request.body, headers)).toThrow("No matching signature");
    expect(() => new Webhook(SECRET).verify(request.body.replace("two", "2"), headers)).toThrow();
  });

  test("is signed with both secrets while they are changed", async () => {
    const { request } = await post({ second_signing_secret: SECOND });
    for (const secret of [SECRET, SECOND])
      expect(() => new Webhook(secret).verify(request.body, request.headers as Record<string, string>)).not.toThrow();
  });

  test("that tries a receiver out has no events, and another id each time", async () => {
    const { got, at } = await receiver((response) => response.writeHead(204).end());
    const seal = '{"seal":{"test":true}}';
    for (const _ of [1, 2])
      expect(await tryOut(settingsAt("webhook", at), { orgId: "o", streamId: "s", seal }, patient)).toEqual({
        outcome: "done",
      });
    expect(got.map(({ body }) => body)).toEqual(Array(2).fill(`{"events":[],"seal":${seal}}`));
    expect(new Set(got.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
  });
});

describe("OTLP", () => {
  test("is what OpenTelemetry's own exporter would write, with headers of one's own", async () => {
    const { got, delivery } = await send("otlp", (response) => response.end('{"partialSuccess":{}}'), patient);
    expect(delivery).toEqual({ outcome: "done" });
    expect(got[0]).toMatchObject({
      method: "POST",
      url: "/base/v1/logs",
      headers: { "content-type": "application/json", authorization: "Bearer t0ken", "x-tenant": "a: b" },
    });
    const { events, seal, orgId, streamId, id, at, to } = auditBatch();
    const common = { "latchkey.organization": orgId, "latchkey.stream": streamId, "latchkey.batch": id };
    // Records are put together by the very objects.
    const resource = resourceFromAttributes({ "service.name": "latchkey" });
    const instrumentationScope = { name: "latchkey.audit" };
    const record = (seq: bigint, time: Date, done: boolean, eventName: string, body: string, more: object) => ({
      hrTime: millisToHrTime(time.getTime()),
      hrTimeObserved: millisToHrTime(0),
      severityNumber: done ? 9 : 13,
      severityText: done ? "INFO" : "WARN",
      eventName,
      body,
      attributes: { ...common, ...more, "latchkey.seq": Number(seq) },
      droppedAttributesCount: 0,
      resource,
      instrumentationScope,
    });
    const written = JsonLogsSerializer.serializeRequest([
      ...events.map(({ seq, at: time, action, outcome, json }) =>
        record(seq, time, outcome === "done", action, json, { "latchkey.action": action, "latchkey.outcome": outcome }),
      ),
      record(to, at, true, "audit.seal", seal, {}),
    ]);
    expect(JSON.parse(Buffer.from(written ?? []).toString())).toMatchObject(asNumbers(JSON.parse(got[0]?.body ?? "")));
  });

  /** 64-bit integers are texts in protobuf's JSON, and numbers where JavaScript has written them: both are read. */
  const asNumbers = (value: object): object =>
    JSON.parse(JSON.stringify(value), (name, one) => (name === "intValue" ? Number(one) : one));

  test.each([
    ["", "done"],
    ["{}", "done"],
    ['{"partialSuccess":null}', "done"],
    ['{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"slow down"}}', "done"],
    ['{"partialSuccess":{"rejectedLogRecords":"1"}}', "refused rejected"],
    ['{"partialSuccess":{"rejectedLogRecords":3}}', "refused rejected"],
    ['{"partialSuccess":{"rejectedLogRecords":"many"}}', "unreadable"],
    ["<html>Sign in</html>", "unreadable"],
    ["[]", "unreadable"],
  ])("is not done where a part was rejected, or without a receipt: %s", async (text, expected) => {
    const found = await receiptIn(text).then(word, (error: Unreachable) => error.reason);
    expect(found).toBe(expected);
  });

  test("of which a part was rejected is not done", async () => {
    const said = '{"partialSuccess":{"rejectedLogRecords":"1"}}';
    expect(word((await send("otlp", (response) => response.end(said), patient)).delivery)).toBe("refused rejected");
    expect(word((await send("otlp", (response) => response.end("<html>"), patient)).delivery)).toBe(
      "unknown unreadable",
    );
  });
});
