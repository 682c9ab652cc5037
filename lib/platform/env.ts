import { z } from "zod";

/**
 * Every setting is one environment variable, named and explained here and nowhere else: start-up validation,
 * `.env.example` and the table of `docs/settings.md` follow from this list. Only this file reads process.env.
 */

const flag = z.enum(["true", "false"], { error: "must be true or false" }).transform((value) => value === "true");
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
const url = z.url({ protocol: /^https?$/, error: "must be an http or https address without a path" }).refine(
  // Judged also where it is no address at all.
  (value) => URL.canParse(value) && new URL(value).pathname === "/" && !new URL(value).search,
  "must be an http or https address without a path",
);
const allowLine = /^(\*|\[?[0-9a-fA-F:.]+\]?\/\d{1,3}|[a-z0-9_]([a-z0-9._-]*[a-z0-9])?):\d{1,5}(-\d{1,5})?$/i;

const isOrigin = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;

interface Setting {
  schema: z.ZodType;
  about: string;
  /** Shown in .env.example when there is no default. */
  example?: string;
  default?: string;
  secret?: boolean;
}

const issuer = z
  .string()
  .refine(
    (value) => URL.canParse(value.replace("{tenant}", "x")) && /^https?:/.test(value),
    "must be an http or https address",
  );

/** This installation as a client of authorization servers. */
const authorizationServers = {
  GOOGLE_CLIENT_ID: {
    schema: z.string(),
    about: "Sign-in with Google: the OAuth client registered there.",
    example: "000000000000-example.apps.googleusercontent.com",
  },
  GOOGLE_CLIENT_SECRET: { schema: z.string(), about: "Its secret.", secret: true },
  GOOGLE_ISSUER: {
    schema: issuer,
    default: "https://accounts.google.com",
    about: "The authorization server of sign-in with Google.",
  },
  GOOGLE_API_URL: {
    schema: url,
    default: "https://www.googleapis.com",
    about: "Google's API, which connection tests ask.",
  },
  MICROSOFT_CLIENT_ID: {
    schema: z.string(),
    about: "Sign-in with Microsoft: the application registered in Microsoft Entra.",
    example: "00000000-0000-0000-0000-000000000000",
  },
  MICROSOFT_CLIENT_SECRET: { schema: z.string(), about: "Its secret.", secret: true },
  MICROSOFT_ISSUER: {
    schema: issuer,
    default: "https://login.microsoftonline.com/{tenant}/v2.0",
    about: "The authorization server of sign-in with Microsoft and SharePoint; another one for national clouds.",
  },
  MICROSOFT_GRAPH_URL: {
    schema: url,
    default: "https://graph.microsoft.com",
    about:
      "Microsoft Graph, which connection tests and lists of SharePoint sites ask; another one for national clouds.",
  },
  SHAREPOINT_CLIENT_ID: {
    schema: z.string(),
    about: "Sign-in with SharePoint, where it has an application of its own. Default: Microsoft's.",
  },
  SHAREPOINT_CLIENT_SECRET: { schema: z.string(), about: "Its secret.", secret: true },
} satisfies Record<string, Setting>;

export const settings = {
  PORT: { schema: whole(1, 65_535), default: "3000", about: "Port to serve on." },
  HOST: {
    schema: z.string().min(1),
    default: "localhost",
    about: "Address to listen on. 0.0.0.0 for every interface.",
  },
  PUBLIC_URL: {
    schema: url,
    about: "The one address of the console, when it is not http://localhost:PORT (behind a reverse proxy).",
    example: "https://vault.example.com",
  },
  TRUSTED_PROXIES: {
    schema: z.string().regex(/^[0-9a-fA-F:./, ]+$/, "must be a comma-separated list of addresses or CIDR ranges"),
    about:
      "Reverse proxies whose X-Forwarded-For and X-Forwarded-Host are believed: addresses or CIDR ranges, comma-separated.",
    example: "127.0.0.1,10.0.0.0/8",
  },
  LATCHKEY_DATA: {
    schema: z.string().min(1),
    default: ".latchkey",
    about: "Folder of the embedded database, the key file and the audit anchors.",
  },
  DATABASE_URL: {
    schema: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
    about: "PostgreSQL to use instead of the embedded one.",
    example: "postgresql://latchkey:PASSWORD@db.example.com/latchkey",
    secret: true,
  },
  MIGRATION_DATABASE_URL: {
    schema: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
    about: "Owner's address for migrations, when DATABASE_URL's user may only take the role latchkey_app.",
    example: "postgresql://owner:PASSWORD@db.example.com/latchkey",
    secret: true,
  },
  DATABASE_ROLE: {
    schema: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "must be lower-case letters, digits and underscores"),
    about:
      "The role that every database connection takes on. Default: latchkey_app, or one of this database's own where another installation has that.",
  },
  DATABASE_POOL: {
    schema: whole(2, 200),
    default: "16",
    about: "Database connections of the API process; the console uses half.",
  },
  DATABASE_POOLER: {
    schema: z.enum(["transaction"], { error: "must be transaction, or left out" }),
    about:
      "transaction: DATABASE_URL leads to a pooler such as PgBouncer that hands out connections by transaction (docs/operating.md). Needs MIGRATION_DATABASE_URL, which leads to the database itself.",
  },
  LATCHKEY_KEY: {
    schema: z.string(),
    about: "The key-encryption key: 32 random bytes in base64 or hex. Else LATCHKEY_KEY_FILE.",
    example: "(openssl rand -base64 32)",
    secret: true,
  },
  LATCHKEY_KEY_FILE: {
    schema: z.string().min(1),
    about:
      "File that holds the key, mode 0600, 0400, 0440 or 0444. Default: LATCHKEY_DATA/key, made on the first start.",
    example: "/run/secrets/latchkey-key",
  },
  LATCHKEY_PREVIOUS_KEY: {
    schema: z.string(),
    about: "The superseded key, for reading only, while a rotation is under way.",
    secret: true,
  },
  LATCHKEY_PREVIOUS_KEY_FILE: {
    schema: z.string().min(1),
    about: "File that holds the superseded key. Default: beside the key file, with .previous behind its name.",
  },
  LATCHKEY_KEY_OUTAGE_MINUTES: {
    schema: whole(0, 525_600),
    default: "1440",
    about:
      "Where the key is wrapped by a key service: for how long a running process goes on with the key after it last got it from there.",
  },
  LATCHKEY_PKCS11_PIN: {
    schema: z.string(),
    about: "The PIN of the hardware module that the key is wrapped by, where its address names no pin-source.",
    secret: true,
  },
  LATCHKEY_ADMIN_EMAIL: {
    schema: z.email({ error: "must be an e-mail address" }),
    about: "Unattended first start: the first administrator. Needs the next two as well.",
    example: "ana@example.com",
  },
  LATCHKEY_ADMIN_PASSWORD: {
    schema: z.string(),
    about: "Unattended first start: that person's password.",
    secret: true,
  },
  LATCHKEY_ORGANIZATION: {
    schema: z.string().min(1).max(200),
    about: "Unattended first start: the first organisation's name.",
    example: "Example Ltd",
  },
  OUTBOUND_ALLOW: {
    schema: z
      .string()
      .refine(
        (value) => value.split(",").every((one) => allowLine.test(one.trim())),
        "must be CIDR:port or name:port, comma-separated",
      ),
    about:
      "Non-public destinations that connection tests may reach: CIDR:port, CIDR:from-to or exact name:port, comma-separated.",
    example: "10.20.0.0/16:5432,sftp.internal:22",
  },
  ...authorizationServers,
  AWS_ENDPOINT: {
    schema: url,
    about:
      "Ask this address, which answers as Amazon's STS and SES do, instead of Amazon itself (a proxy, a laboratory).",
    example: "https://aws.internal.example.com",
  },
  MANAGED_DATABASE_URL: {
    schema: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
    about:
      "PostgreSQL on which organisations may have a database of their own: the address of a role there that may make roles and databases. Another server than DATABASE_URL's.",
    example: "postgresql://provisioner:PASSWORD@tenants.example.com/postgres",
    secret: true,
  },
  MANAGED_DATABASE_HOST: {
    schema: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i, "must be a host, or host:port"),
    about: "Where programs reach that server, if it is not the host and port of MANAGED_DATABASE_URL.",
    example: "tenants.example.com:6432",
  },
  NODE_EXTRA_CA_CERTS: {
    schema: z.string().min(1),
    about: "File of certificates (PEM): authorities that connection tests trust beside the public ones.",
    example: "/etc/ssl/certs/company-ca.pem",
  },
  SSH_LEGACY_ALGORITHMS: {
    schema: flag,
    default: "false",
    about: "Also offer SSH algorithms that are no longer considered safe (old servers).",
  },
  RATE_LIMIT_PER_MINUTE: {
    schema: whole(1, 1_000_000),
    default: "6000",
    about: "API requests per token and minute, counted in each instance.",
  },
  CORS_ORIGINS: {
    schema: z.string().refine((value) => value.split(",").every((one) => isOrigin(one.trim())), {
      error: "must be origins such as https://graph.example.com, comma-separated",
    }),
    about:
      "Web pages of other origins whose browsers may call LiteGraph's and Flowise's dialects: exact origins, comma-separated.",
    example: "https://graph.example.com,http://localhost:3001",
  },
  LATCHKEY_ALLOW_WEAK_TOKENS: {
    schema: flag,
    default: "false",
    about: "For laboratories: let API tokens sign in that their callers chose and that are easy to guess.",
  },
  LITEGRAPH_LISTS: {
    schema: z.enum(["array", "page"], { error: "must be array or page" }),
    default: "array",
    about:
      "What LiteGraph's v1.0 lists look like outside /litegraph/10: array for its clients up to 8.0, page where all are 8.1 or later.",
  },
  LATCHKEY_TENANTS_FOR_EMAIL: {
    schema: flag,
    default: "false",
    about:
      "Answer LiteGraph's GET /v1.0/token/tenants, which tells strangers where an e-mail address is known. Its dashboard signs people in with it.",
  },
  SUPERAI_PASSWORD_GRANT: {
    schema: z
      .enum(["on", "off", "true", "false"], { error: "must be on or off" })
      .transform((value) => value === "on" || value === "true"),
    default: "off",
    about:
      "Answer SuperAI's POST /auth/v1/token, which hands a person's program an access token of one hour for address and password.",
  },
  DRAIN_SECONDS: {
    schema: whole(0, 600),
    default: "10",
    about:
      "How long an instance that was told to stop serves on while /api/health/ready answers 503. Nobody waits where nobody asked it in the last minute.",
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: url,
    about:
      "OpenTelemetry collector (OTLP over HTTP) that gets traces and the log. OTEL_EXPORTER_OTLP_HEADERS and OTEL_TRACES_SAMPLER count as well.",
    example: "http://localhost:4318",
  },
  OTEL_SERVICE_NAME: { schema: z.string().min(1), default: "latchkey", about: "What it is called there." },
  METRICS_PORT: {
    schema: whole(1, 65_535),
    about: "Port of its own that answers /metrics for Prometheus. Without it and without a token there are no metrics.",
    example: "9464",
  },
  METRICS_HOST: { schema: z.string().min(1), default: "127.0.0.1", about: "Address that METRICS_PORT listens on." },
  METRICS_TOKEN: {
    schema: z.string().min(16, "must have at least 16 characters"),
    about:
      "Whoever reads /metrics sends it as a bearer token. Without METRICS_PORT the product's own port answers there. Else METRICS_TOKEN_FILE.",
    secret: true,
  },
  METRICS_TOKEN_FILE: {
    schema: z.string().min(1),
    about: "File that holds it.",
    example: "/run/secrets/metrics-token",
  },
  RETENTION_AUDIT_DAYS: {
    schema: whole(30, 36_500),
    about:
      "For how many days audit events are kept, at least 30. What is older is removed from each log's beginning, and a signed checkpoint stands for it. Default: for ever.",
    example: "730",
  },
  RETENTION_USES_DAYS: {
    schema: whole(91, 36_500),
    about:
      "For how many days it is kept which program fetched which credential how often, at least 91. Default: for ever.",
    example: "730",
  },
  RETENTION_TESTS_DAYS: {
    schema: whole(1, 36_500),
    about:
      "For how many days connection tests are kept. Default: the newest 20 of each credential, whatever their age.",
    example: "90",
  },
  RETENTION_ROTATIONS_DAYS: {
    schema: whole(90, 36_500),
    default: "90",
    about: "For how many days ended rotations are kept, at least 90.",
  },
  RETENTION_FLOWS_DAYS: {
    schema: whole(0, 365),
    default: "0",
    about: "For how many days beyond their end sign-ins at providers are kept that nobody came back from.",
  },
  RETENTION_LIMITS_DAYS: {
    schema: whole(0, 365),
    default: "0",
    about: "For how many days beyond their end counts and waits of sign-ins are kept.",
  },
  RETENTION_ANCHORS_DAYS: {
    schema: whole(1, 36_500),
    about:
      "For how many days the audit anchors in LATCHKEY_DATA are kept; the newest of each organisation stays. Default: one a day for ever.",
    example: "730",
  },
  LOG_LEVEL: {
    schema: z.enum(["debug", "info", "warn", "error", "silent"], {
      error: "must be debug, info, warn, error or silent",
    }),
    default: "info",
    about: "What the log holds.",
  },
  LOG_FORMAT: {
    schema: z.enum(["json", "text"], { error: "must be json or text" }),
    about:
      "The form of all output: json, one object a line, or text for people. Default: text where it goes to a terminal, else json.",
    example: "json",
  },
  REQUEST_LOG: {
    schema: z.enum(["off", "errors", "all"], { error: "must be off, errors or all" }),
    default: "off",
    about:
      "A line of the log for each answer of the APIs, or for those with a status of 400 and above: method, route, status, time, who and which organisation.",
  },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Env = {
  [Name in SettingName]: (typeof settings)[Name] extends { default: string }
    ? z.output<(typeof settings)[Name]["schema"]>
    : z.output<(typeof settings)[Name]["schema"]> | undefined;
} & { PUBLIC_URL: string; production: boolean; forwardedByFront: boolean };

/**
 * Reads and judges the settings. An empty variable counts as not set.
 * @throws Error naming every bad setting and what it must be, never its value.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    const given = source[name]?.trim() || setting.default;
    if (given === undefined) continue;
    const result = setting.schema.safeParse(given);
    if (result.success) values[name] = result.data;
    else problems.push(`${name} ${result.error.issues[0]?.message ?? "is not valid"}`);
  }
  if (problems.length > 0) throw new Error(`Bad settings:\n  ${problems.join("\n  ")}`);
  values.PUBLIC_URL ??= `http://localhost:${values.PORT}`;
  return {
    ...(values as Env),
    production: source.NODE_ENV === "production",
    forwardedByFront: source.LATCHKEY_FRONT === "1",
  };
}

/** Set by the program itself, for the processes that it starts. */
const INTERNAL = ["LATCHKEY_FRONT", "LATCHKEY_PROGRAM", "LATCHKEY_SUPERVISOR"];
/** So many letters may a name be off to be taken for another one's. */
const SLIPS = 2;

/**
 * Variables that look as if they were meant for us and are none of our settings: a setting that is misspelt is ignored, and its
 * default may be the very opposite of what was wanted.
 * @returns each by name, with the setting it may have been meant for; never a value
 */
export function unknownSettings(source: Record<string, string | undefined>): { name: string; meant?: string }[] {
  const known = Object.keys(settings);
  return Object.keys(source).flatMap((name) => {
    if (known.includes(name) || INTERNAL.includes(name) || !source[name]) return [];
    const meant = known.find((one) => one.length > 5 && distance(one, name.toUpperCase()) <= SLIPS);
    if (meant) return [{ name, meant }];
    return name.startsWith("LATCHKEY_") ? [{ name }] : [];
  });
}

/** Letters to change, add or drop to make one of the other (Levenshtein). */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > SLIPS) return SLIPS + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [there, its] of [...other].entries()) {
      const [above = 0, beside = 0, before = 0] = [row[there + 1], next[there], row[there]];
      next.push(Math.min(above + 1, beside + 1, before + (letter === its ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

let current: Env | undefined;

/** The settings of this process, judged on first use. */
export const env = (): Env => {
  current ??= readEnv(process.env);
  return current;
};

/**
 * A setting that the catalogue names: of an authorization server's client, or an address in place of the usual one. Those of a
 * server that nobody has listed above are read as they are.
 */
export const namedSetting = (name: string): string | undefined => {
  const value = name in settings ? env()[name as SettingName] : process.env[name]?.trim();
  return typeof value === "string" && value !== "" ? value : undefined;
};

/**
 * What a key service's own client reads, by the names that it has everywhere: see docs/keys.md. Handed to the process that asks the
 * service, and to no other.
 */
const OF_KEY_SERVICES =
  /^(AWS_|AZURE_|GOOGLE_|GCE_METADATA_|METADATA_SERVER_DETECTION$|CLOUDSDK_|VAULT_|IDENTITY_|MSI_|LATCHKEY_PKCS11_PIN$|SOFTHSM2_CONF$|NODE_EXTRA_CA_CERTS$|PATH$|HOME$|TMPDIR$)/;

/** The environment of the process that asks a key service. */
export const keyServiceEnvironment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => OF_KEY_SERVICES.test(name))),
  NODE_ENV: "production",
});

/** Where Google's key service is, by the variable that Google's own tools read. */
export const googleKmsEndpoint = (): string =>
  (process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS || "https://cloudkms.googleapis.com").replace(/\/$/, "");

/** Another authority for Azure than Microsoft's public one. */
export const azureAuthority = (): string | undefined => process.env.AZURE_AUTHORITY_HOST || undefined;

/** Where Vault's or OpenBao's transit engine is, and who we are there; the variables are those of its own command. */
export const transitAccess = () => {
  const { VAULT_ADDR, VAULT_TOKEN, VAULT_TOKEN_FILE, VAULT_NAMESPACE } = process.env;
  return {
    address: VAULT_ADDR?.replace(/\/$/, ""),
    token: VAULT_TOKEN,
    tokenFile: VAULT_TOKEN_FILE,
    namespace: VAULT_NAMESPACE,
  };
};
/** The settings of this process as they are given, for whoever judges them. */
export const givenSettings = (): Record<string, string | undefined> => process.env;

/** Where the program's own files lie. Whoever started us said so; under test it is the working directory. */
export const programFolder = (): string => process.env.LATCHKEY_PROGRAM || process.cwd();

/** Deletes the variables that `pg` would otherwise fall back to when it dials a user-given host (R55). */
export function forgetAmbientDatabase(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith("PG")) delete process.env[name];
}
