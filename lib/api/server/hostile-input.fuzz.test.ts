import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { read as readAirflow } from "@/lib/importers/airflow/source";
import { read as readN8n } from "@/lib/importers/n8n/source";
import { Refusal } from "@/lib/platform/refusal";
import { type Api, startApi } from "@/test/api";
import { offline } from "@/test/importers/offline";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";

/** Whatever is sent, a door answers, not with a fault of ours and never with what was sent; and readers of files are total. */
let api: Api;
let mine: Tenant;
let token: string;
beforeAll(async () => {
  [api, mine] = [await startApi(), await tenant()];
  token = await mine.token(mine.admin);
});

/** In every text that is sent as a value; no answer may hold it. */
const MARK = "MARKfuzz";
const BUDGET = { numRuns: 150, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false };
const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("\0", "\ud800", "%00", "[".repeat(300), "'; --", "\u202e", "=cmd()", "null", "1e999"),
);
const marked = oddText.map((text) => `${MARK}${text}`);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    marked,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        "provider",
        "credential_type",
        "credentials",
        "name",
        "tags",
        "credentialName",
        "plainDataObj",
        "email",
      ),
      fc.constantFrom("password", "Name", "GUID", "UserGUID", "Scopes", "MaxResults", "Ordering", "id", "expires_at"),
      oddText,
    ),
    tie("value"),
    { maxKeys: 6 },
  ),
}));

const bodied = [
  ["POST", "/api/integrations/credentials"],
  ["POST", "/api/integrations/credentials/test"],
  ["POST", "/api/service-accounts"],
  ["POST", "/api/v1/credentials"],
  ["POST", "/api/v1/auth/login"],
  ["POST", "/v2.0/tenants"],
] as const;
const fails = (status: number) => status >= 500 && status !== 503;

describe("a door", () => {
  test("takes any JSON for a body", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bodied), json.object, async ([method, path], body) => {
        const answer = await api.send(method, path, { token, body });
        expect(fails(answer.status), answer.text).toBe(false);
        if (answer.status >= 400) expect(answer.text).not.toContain(MARK);
      }),
      BUDGET,
    );
  });

  test("takes any bytes for a body", async () => {
    const headers = fc.constantFrom("application/json", "application/x-www-form-urlencoded", "text/plain", "");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bodied),
        fc.uint8Array({ maxLength: 200 }),
        headers,
        async ([method, path], body, type) => {
          const answer = await api.send(method, path, { token, body, headers: { "content-type": type } });
          expect(fails(answer.status), answer.text).toBe(false);
        },
      ),
      BUDGET,
    );
  });

  test("takes any query", async () => {
    const paths = [
      "/api/integrations/credentials",
      "/api/v1/credentials",
      "/v1.0/tenants",
      "/v2.0/tenants",
      "/api/integrations/x/callback",
    ];
    const names = fc.oneof(
      fc.constantFrom("q", "cursor", "limit", "credentialName", "credentialName[0]", "order", "token", "state"),
      oddText,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.array(fc.tuple(names, marked), { maxLength: 4 }),
        async (path, pairs) => {
          const query = pairs
            .map((pair) => pair.map((one) => encodeURIComponent(one.toWellFormed())).join("="))
            .join("&");
          const answer = await api.send("GET", `${path}?${query}`, { token });
          expect(fails(answer.status), answer.text).toBe(false);
          expect(answer.text).not.toContain(MARK);
        },
      ),
      BUDGET,
    );
  });

  test("takes anything in its headers", async () => {
    const text = fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((code) => code !== 0x7f)
        .map((code) => String.fromCharCode(code)),
    });
    const name = fc.constantFrom(
      "authorization",
      "x-api-key",
      "cookie",
      "if-match",
      "if-none-match",
      "idempotency-key",
      "x-token",
      "x-request-id",
      "x-tenant-guid",
    );
    const path = fc.constantFrom("/api/integrations/credentials", "/api/v1/credentials", `/v1.0/tenants`);
    await fc.assert(
      fc.asyncProperty(
        path,
        name,
        text,
        fc.constantFrom("", "Bearer ", "latchkey-flowise=", 'W/"', '"1", '),
        async (at, header, value, start) => {
          const headers = {
            [header]: `${start}${MARK}${value}`.trim(),
            ...(header === "x-tenant-guid" && { "x-email": "a@b.test", "x-password": PASSWORD }),
          };
          for (const method of ["GET", "POST"]) {
            const answer = await api.send(method, at, {
              headers,
              ...(!/auth|key|tenant/.test(header) && { token }),
              ...(method === "POST" && { body: {} }),
            });
            expect(fails(answer.status), answer.text).toBe(false);
            if (header !== "x-request-id") expect(answer.text).not.toContain(MARK);
          }
        },
      ),
      BUDGET,
    );
  });
});

describe("a reader of exports", () => {
  const readers = { n8n: readN8n, airflow: readAirflow };
  const read = async (name: keyof typeof readers, text: string) => {
    const content = { bytes: Buffer.from(text, "utf8") };
    try {
      return await readers[name]({ content, network: offline });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expect(error.message).not.toContain(MARK);
      return undefined;
    }
  };
  const rows = fc.array(
    fc.record(
      {
        id: fc.oneof(marked, fc.integer()),
        name: marked,
        type: fc.constantFrom("httpBasicAuth", "mongoDb", "odd", "\ud800"),
        data: json.value,
      },
      { requiredKeys: [] },
    ),
    { maxLength: 4 },
  );
  const connections = fc.dictionary(
    oddText,
    fc.oneof(
      marked,
      fc.record(
        {
          conn_type: fc.constantFrom("postgres", "mongo", "http"),
          host: marked,
          login: oddText,
          password: oddText,
          port: fc.oneof(fc.integer(), oddText),
          extra: fc.oneof(marked, json.object),
        },
        { requiredKeys: [] },
      ),
    ),
    { maxKeys: 4 },
  );

  test("takes any text", async () => {
    const yaml = oddText.map((text) => `a:\n  host: ${text}\n`);
    const texts = fc.oneof(
      oddText,
      yaml,
      rows.map((one) => JSON.stringify(one)),
      connections.map((one) => JSON.stringify(one)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("n8n" as const, "airflow" as const), texts, async (name, text) => {
        await read(name, text);
      }),
      { ...BUDGET, numRuns: 1_000 },
    );
  });

  test.each(["n8n", "airflow"] as const)(
    "%s takes depth, half characters and endless repetition",
    async (name) => {
      const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
      for (const text of [
        "[".repeat(40_000),
        "{".repeat(40_000),
        deep,
        `[{"id":"1","type":"httpBasicAuth","data":${deep}}]`,
        `{"c":{"conn_type":"http","extra":${JSON.stringify(deep)}}}`,
        `a: ${"[".repeat(20_000)}`,
        `A=${deep}`,
        '[{"id":"\\ud800","name":"n","type":"mongoDb","data":{"host":"\\ud800"}}]',
        '{"\\ud800":{"conn_type":"mongo","host":"h","login":"\\udc00"}}',
      ])
        await read(name, text);
    },
    30_000,
  );
});
