import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditBatch, linesOf } from "@/test/audit-batch";
import { peers } from "@/test/peers";
import { deliver, sinkSettings, tryOut } from ".";
import { addressOf } from "./object-address";
import type { SettingsOf } from "./settings";

process.env.OUTBOUND_ALLOW = "127.0.0.1/32:1-65535";

/** Checks signatures by code of its own, and keeps objects in a folder. It knows one pair of keys. */
let server: S3rver;
let port: number;
let folder: string;
const { http } = peers();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-s3-"));
  server = new S3rver({
    ...{ port: 0, address: "127.0.0.1", silent: true, directory: folder },
    configureBuckets: [{ name: "audit", configs: [] }],
  });
  ({ port } = await server.run());
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (change: object = {}) =>
  sinkSettings.parse({
    ...{ kind: "object_store", endpoint: `http://127.0.0.1:${port}`, region: "eu-central-1", bucket: "audit" },
    ...{ access_key_id: "S3RVER", secret_access_key: "S3RVER", ...change },
  });

const storeOf = (change: object) => settings(change) as SettingsOf<"object_store">;

const objects = () =>
  readdirSync(join(folder, "audit"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("._S3rver_object"))
    .map((name) => name.replace("._S3rver_object", ""))
    .sort();
const read = (key: string) => readFileSync(join(folder, "audit", `${key}._S3rver_object`), "utf8");

test("a batch is one object of lines, which a repeat replaces by the same bytes", async () => {
  const batch = auditBatch(["ü€😀\n", "a".repeat(60_000)]);
  const later = auditBatch(3, {
    ...{ from: 10n, to: 1234n, at: new Date("2026-12-01T00:00:00Z"), orgId: batch.orgId },
  });
  for (const one of [batch, later, batch])
    expect(await deliver(settings({ prefix: "vault/eu=1" }), one, {})).toEqual({ outcome: "done" });
  const keys = [
    `vault/eu=1/${batch.orgId}/2026/11/30/00000000000000000007-00000000000000000008.jsonl`,
    `vault/eu=1/${batch.orgId}/2026/12/01/00000000000000000010-00000000000000001234.jsonl`,
  ];
  expect(objects()).toEqual(keys);
  expect(keys.map(read)).toEqual([batch, later].map(linesOf));
});

test("the bucket stands in the path, or in front of the host's name", () => {
  const address = (change: object) => addressOf(storeOf(change), auditBatch()).href.replace(/[^/]+\/2026.*$/, "…");
  const endpoint = "https://s3.example.com:9000";
  expect(address({ endpoint })).toBe("https://s3.example.com:9000/audit/…");
  expect(address({ endpoint, addressing: "virtual_host", prefix: "a/b" })).toBe(
    "https://audit.s3.example.com:9000/a/b/…",
  );
});

test("that tries a store out lies beside the years", async () => {
  const seal = '{"seal":{"test":true}}';
  expect(await tryOut(settings(), { orgId: "o", streamId: "s", seal }, {})).toEqual({ outcome: "done" });
  const key = objects().find((one) => one.startsWith("o/tests/test-")) ?? "";
  expect(read(key)).toBe(`${seal}\n`);
});

test("wrong keys and a bucket that is not there are refused, and nothing is kept", async () => {
  const before = objects();
  const wrong = await deliver(settings({ secret_access_key: "another" }), auditBatch(1, { from: 99n }), {});
  expect(wrong).toEqual({ outcome: "refused", reason: "not_allowed" });
  const nowhere = await deliver(settings({ bucket: "elsewhere" }), auditBatch(), {});
  expect(nowhere).toEqual({ outcome: "refused", reason: "not_found" });
  expect(objects()).toEqual(before);
});

test("the lock, the session and the sums go along, and are signed", async () => {
  const got: IncomingMessage["headers"][] = [];
  const at = await http((request, response) => {
    got.push(request.headers);
    request.resume().on("end", () => response.end());
  });
  const change = {
    ...{ endpoint: `http://127.0.0.1:${at}`, session_token: "the-session" },
    ...{ object_lock_mode: "compliance", object_lock_days: 30 },
  };
  expect(await deliver(settings(change), auditBatch(), {})).toEqual({ outcome: "done" });
  const [headers = {}] = got;
  expect(headers).toMatchObject({
    "x-amz-security-token": "the-session",
    "x-amz-object-lock-mode": "COMPLIANCE",
    "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
    "content-md5": expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
  });
  const until = Date.parse(String(headers["x-amz-object-lock-retain-until-date"]));
  expect(Math.round((until - Date.now()) / 86_400_000)).toBe(30);
  const signed = /SignedHeaders=([^,]+),/.exec(headers.authorization ?? "")?.[1]?.split(";");
  expect(signed).toEqual(
    expect.arrayContaining([
      ...["content-md5", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"],
      ...["x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"],
    ]),
  );
});
