import "server-only";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { isStorable } from "@/lib/platform/storable";
import { isHost } from "@/lib/providers/host-syntax";

/** One line, or a block of several, in UTF-16 code units. */
const LINE_MAX = 2_048;
const BLOCK_MAX = 65_536;

const text = (max: number) =>
  z
    .string({ error: "Must be text" })
    .min(1, "Must not be empty")
    .max(max, `Must be at most ${max} characters`)
    .refine(isStorable, "Contains characters that cannot be stored");

const line = (max = LINE_MAX) => text(max).refine((value) => !/[\r\n]/.test(value), "Must be a single line");

const whole = (from: number, to: number) =>
  z
    .int({ error: "Must be a whole number" })
    .min(from, `Must be between ${from} and ${to}`)
    .max(to, `Must be between ${from} and ${to}`);

/** As everywhere here: what is not encrypted stays on this machine, and the operator must have allowed it besides. */
const ONLY_HERE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const url = line().superRefine((value, context) => {
  const problem = urlProblem(value);
  if (problem) context.addIssue({ code: "custom", message: problem });
});

function urlProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return "Must be a whole address that begins with https://";
  const { protocol, hostname, username, password } = new URL(value);
  const encrypted = protocol === "https:" || (protocol === "http:" && ONLY_HERE.test(hostname));
  if (!encrypted) return "Must begin with https:// (http:// is for this machine itself alone)";
  if (username || password) return "Must not hold a user name or password";
  return /[\s#]/.test(value) ? "Must not hold a space or #" : undefined;
}

const bare = (value: string) => !value.includes("?");
const withoutPath = (value: string) => URL.canParse(value) && new URL(value).pathname === "/" && bare(value);

/** Standard Webhooks: whsec_, and 24 to 64 bytes in base64. */
const signingSecret = line().refine((value) => {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(value)?.[1];
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, "base64").length;
  return bytes >= 24 && bytes <= 64;
}, "Must be whsec_ and 24 to 64 bytes in base64");

const webhook = z.strictObject({
  kind: z.literal("webhook"),
  url,
  signing_secret: signingSecret,
  second_signing_secret: signingSecret.optional(),
});

const PATH_PART = /^(?!\.{1,2}$)[A-Za-z0-9._=-]+$/;

const objectStore = z
  .strictObject({
    kind: z.literal("object_store"),
    endpoint: url.refine(withoutPath, "Must be an address without a path"),
    region: line(64).regex(/^[A-Za-z0-9-]+$/, "Must be letters, digits and hyphens"),
    bucket: line(63).regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "Must be 3 to 63 small letters, digits, dots and hyphens",
    ),
    prefix: line(256)
      .refine(
        (value) => value.split("/").every((part) => PATH_PART.test(part)),
        "Must be letters, digits and . _ = -, with single slashes between",
      )
      .optional(),
    addressing: z.enum(["path", "virtual_host"], { error: "Must be path or virtual_host" }).default("path"),
    access_key_id: line(256).regex(/^[\x21-\x7e]+$/, "Must be letters and signs without spaces"),
    secret_access_key: line(512),
    session_token: line(8_192)
      .regex(/^[\x21-\x7e]+$/, "Must be letters and signs without spaces")
      .optional(),
    object_lock_mode: z.enum(["governance", "compliance"], { error: "Must be governance or compliance" }).optional(),
    object_lock_days: whole(1, 36_500).optional(),
  })
  .refine((store) => (store.object_lock_mode === undefined) === (store.object_lock_days === undefined), {
    message: "Object lock needs both a mode and a number of days",
    path: ["object_lock_days"],
  })
  .refine((store) => store.addressing === "path" || isName(new URL(store.endpoint).hostname), {
    message: "An address has no names below it; choose path",
    path: ["addressing"],
  });

const isName = (host: string) => /[a-z]/i.test(host) && !host.startsWith("[");

const certificates = text(BLOCK_MAX).refine((value) => {
  const blocks = value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return blocks !== null && !value.includes("PRIVATE KEY") && blocks.every(isCertificate);
}, "Must be one or more certificates, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----");

const isCertificate = (pem: string) => succeeds(() => new X509Certificate(pem));
const isKey = (pem: string) => succeeds(() => createPrivateKey(pem));
const belong = (certificate: string, key: string) =>
  succeeds(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)));

/** What OpenSSL says of a text that it cannot read may repeat it. */
function succeeds(work: () => unknown): boolean {
  try {
    return work() !== false;
  } catch {
    return false;
  }
}

const syslog = z
  .strictObject({
    kind: z.literal("syslog"),
    host: line(255).refine(isHost, "Must be a host name or an address, without a port"),
    port: whole(1, 65_535).default(6_514),
    ca: certificates.optional(),
    client_certificate: certificates.optional(),
    client_key: text(BLOCK_MAX).refine(isKey, "Must be a private key (PEM) without a password").optional(),
  })
  .superRefine(({ client_certificate: certificate, client_key: key }, context) => {
    const tell = (name: string, message: string) => context.addIssue({ code: "custom", path: [name], message });
    if (certificate === undefined && key !== undefined)
      tell("client_certificate", "Must be given with the key of the client certificate");
    else if (certificate !== undefined && key === undefined)
      tell("client_key", "Must be given with the client certificate");
    else if (certificate !== undefined && key !== undefined && !belong(certificate, key))
      tell("client_key", "Is not the key of the client certificate");
  });

/** Names by RFC 9110, values of visible ASCII. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+: *[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const HEADERS_MAX = 20;

const otlp = z.strictObject({
  kind: z.literal("otlp"),
  endpoint: url.refine(bare, "Must not hold a ?"),
  headers: text(8_192)
    .refine((value) => {
      const lines = headerLines(value);
      return lines.length <= HEADERS_MAX && lines.every((one) => HEADER.test(one));
    }, `Must be at most ${HEADERS_MAX} lines like Name: value, in ASCII`)
    .optional(),
});

/** The lines of a text of headers; empty ones say nothing. */
export const headerLines = (value: string): string[] =>
  value
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** The whole settings of a receiver, its secrets included, as the API and the command line take them. */
export const sinkSettings = z.discriminatedUnion("kind", [webhook, objectStore, syslog, otlp], {
  error: "Must be one of webhook, object_store, syslog and otlp",
});
export type SinkSettings = z.output<typeof sinkSettings>;
export type SettingsOf<K extends SinkSettings["kind"]> = Extract<SinkSettings, { kind: K }>;
