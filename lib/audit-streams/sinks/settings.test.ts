import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { Refusal } from "@/lib/platform/refusal";
import { sinkFields } from "@/lib/vocabulary/audit-sink";
import { makeAuthority } from "@/test/servers/certificates";
import { publicSettings, type SinkSettings, sinkKinds, sinkSettings, withKeptSecrets } from ".";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const webhook = { kind: "webhook", url: "https://siem.example.com/in", signing_secret: SECRET };
const store = {
  kind: "object_store",
  endpoint: "https://s3.eu-central-1.amazonaws.com",
  region: "eu-central-1",
  bucket: "audit",
  access_key_id: "AKIAEXAMPLE",
  secret_access_key: "the-secret-key",
};
const syslog = { kind: "syslog", host: "siem.example.com" };
const otlp = { kind: "otlp", endpoint: "https://otel.example.com/base", headers: "Authorization: Bearer t0ken" };

const problems = (settings: unknown) =>
  sinkSettings.safeParse(settings).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

let folder: string;
let client: { certificate: string; key: string };
let otherKey: string;
let ca: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-sinks-"));
  const authority = makeAuthority(folder);
  const read = (name: string) => {
    const { certificate, key } = authority.issue(name);
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  };
  [client, otherKey, ca] = [read("client"), read("other").key, authority.certificate];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the list of fields", () => {
  test.each(sinkKinds)("of %s is what its schema takes, with the same names, needs, choices and defaults", (kind) => {
    const schema = sinkSettings.options.find(({ shape }) => shape.kind.value === kind);
    const { kind: _, ...shape } = (schema?.shape ?? {}) as Record<string, z.ZodType>;
    const described = Object.entries(shape).map(([name, one]) => {
      const empty = one.safeParse(undefined);
      const choices = sinkFields[kind].find((field) => field.name === name)?.options?.map(({ value }) => value);
      return {
        name,
        required: !empty.success,
        default: empty.data,
        taken: choices?.every((value) => one.safeParse(value).success),
        others: choices && one.safeParse("something else").success,
      };
    });
    expect(described).toEqual(
      sinkFields[kind].map(({ name, required, default: usual, options }) => ({
        name,
        required,
        default: usual,
        taken: options && true,
        others: options && false,
      })),
    );
  });
});

describe("settings", () => {
  test.each([webhook, store, syslog, otlp])("are taken as they are documented: $kind", (settings) => {
    expect(problems(settings)).toEqual([]);
  });

  test.each([
    ["http://siem.example.com/in", /^url: Must begin with https:/],
    ["http://10.0.0.1/in", /^url: Must begin with https:/],
    ["ftp://siem.example.com", /^url: Must begin with https:/],
    ["https://me:pass@siem.example.com", /^url: Must not hold a user name/],
    ["https://siem.example.com/#x", /^url: Must not hold/],
    ["siem.example.com", /^url: Must be a whole address/],
  ])("lead nowhere that is not encrypted or holds a password: %s", (url, expected) => {
    expect(problems({ ...webhook, url })).toEqual([expect.stringMatching(expected)]);
  });

  test("may lead to this machine without TLS, where the operator's list decides", () => {
    for (const host of ["localhost", "127.0.0.1", "[::1]"])
      expect(problems({ ...webhook, url: `http://${host}:8080/` })).toEqual([]);
  });

  test.each([
    [{ ...webhook, signing_secret: "whsec_c2hvcnQ=" }, "signing_secret"],
    [{ ...webhook, more: "x" }, ""],
    [{ ...store, endpoint: "https://s3.example.com/path" }, "endpoint"],
    [{ ...store, prefix: "/audit" }, "prefix"],
    [{ ...store, prefix: "a/../b" }, "prefix"],
    [{ ...store, object_lock_mode: "governance" }, "object_lock_days"],
    [{ ...store, endpoint: "https://192.0.2.7", addressing: "virtual_host" }, "addressing"],
    [{ ...syslog, host: "siem.example.com:6514" }, "host"],
    [{ ...syslog, port: "6514" }, "port"],
    [{ ...syslog, ca: "no certificate" }, "ca"],
    [{ ...otlp, headers: "no colon" }, "headers"],
    [{ ...otlp, headers: "X-Key: a\u0000b" }, "headers"],
    [{ kind: "carrier_pigeon" }, "kind"],
  ])("are refused where they cannot be meant, and the words repeat none of them: %#", (settings, field) => {
    const said = problems(settings);
    expect(said.map((line) => line.slice(0, line.indexOf(":")))).toContain(field);
    expect(said.join()).not.toMatch(/pigeon|no colon|no certificate|c2hvcnQ/);
  });

  test("take a client's certificate with its own key alone", () => {
    const { certificate, key } = client;
    const named = (change: object) => problems({ ...syslog, ...change }).map((line) => line.split(":")[0]);
    expect(named({ ca, client_certificate: certificate, client_key: key })).toEqual([]);
    expect(named({ client_certificate: certificate })).toEqual(["client_key"]);
    expect(named({ client_key: key })).toEqual(["client_certificate"]);
    expect(named({ client_certificate: certificate, client_key: otherKey })).toEqual(["client_key"]);
    expect(named({ ca: `${ca}${key}` })).toEqual(["ca"]);
  });
});

describe("secrets", () => {
  const parsed = (settings: unknown): SinkSettings => sinkSettings.parse(settings);
  const kept = (changed: unknown, stored: unknown) => withKeptSecrets(changed, parsed(stored));
  const fieldsOf = (work: () => unknown) => {
    try {
      work();
      return "accepted";
    } catch (error) {
      return error instanceof Refusal ? error.fields.map(({ path }) => path.join(".")) : error;
    }
  };

  test.each([webhook, store, { ...syslog }, otlp])("are shown by name alone: $kind", (settings) => {
    const shown = JSON.stringify(publicSettings(parsed(settings)));
    expect(shown).not.toMatch(/whsec_|the-secret-key|t0ken/);
    expect(publicSettings(parsed(webhook))).toEqual({
      kind: "webhook",
      url: webhook.url,
      secrets_set: ["signing_secret"],
    });
  });

  test("stay when a change leaves them out and leads to the same place, and go when they are null", () => {
    const stored = { ...webhook, second_signing_secret: OTHER };
    expect(kept({ url: "https://siem.example.com/other" }, stored)).toEqual({
      ...stored,
      url: "https://siem.example.com/other",
    });
    expect(kept({ kind: "webhook", second_signing_secret: null }, stored)).toEqual(webhook);
    expect(kept({ signing_secret: undefined }, stored)).toEqual(stored);
  });

  test.each([
    [{ url: "https://evil.example.com/in" }, webhook, ["signing_secret"]],
    [{ url: "https://siem.example.com:8443/in" }, webhook, ["signing_secret"]],
    [{ url: "http://localhost/in" }, { ...webhook, url: "https://localhost/in" }, ["signing_secret"]],
    [
      { url: "https://evil.example.com/in", signing_secret: OTHER },
      { ...webhook, second_signing_secret: OTHER },
      ["second_signing_secret"],
    ],
    [{ endpoint: "https://evil.example.com" }, store, ["secret_access_key"]],
    [{ endpoint: "https://evil.example.com" }, otlp, ["headers"]],
    [{ kind: "webhook", url: "https://siem.example.com/in" }, otlp, ["signing_secret"]],
    [{ signing_secret: null }, webhook, ["signing_secret"]],
    ["text", webhook, []],
  ])("do not follow to another place, and the refusal names them: %#", (changed, stored, fields) => {
    expect(fieldsOf(() => kept(changed, stored))).toEqual(fields);
  });

  test("of a client's certificate follow neither to another host nor to another port", () => {
    const stored = { ...syslog, client_certificate: client.certificate, client_key: client.key };
    expect(fieldsOf(() => kept({ host: "evil.example.com" }, stored))).toEqual(["client_key"]);
    expect(fieldsOf(() => kept({ port: 6515 }, stored))).toEqual(["client_key"]);
    expect(fieldsOf(() => kept({ ca }, stored))).toBe("accepted");
  });

  test("follow where they are given again", () => {
    expect(kept({ url: "https://new.example.com/", signing_secret: OTHER }, webhook)).toEqual({
      kind: "webhook",
      url: "https://new.example.com/",
      signing_secret: OTHER,
    });
  });
});
