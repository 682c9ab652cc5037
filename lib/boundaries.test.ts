import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";

const domains = [
  "access",
  "credentials",
  "own-kinds",
  "plugin-instances",
  "identity",
  "organizations",
  "audit-streams",
];
const services = [...domains, "platform/audit"];
const views = domains.map((name) => `type ${name}`);
const platform = (...names: string[]) => names.map((name) => `platform/${name}`);
const leaves = [
  "authorization/actor",
  ...platform(
    "refusal",
    "clock",
    "pagination",
    "expected-version",
    "fair-share",
    "storable",
    "json-depth",
    "uuid",
    "meter",
    "tracing",
    "loads",
  ),
];
const storage = [
  ...platform("db", "keys", "log", "names", "optimistic-lock", "repeated-create"),
  "type generated",
  ...leaves,
];
/** It presents the kinds that it shares with us as their files describe them. */
const catalog = (dialect: string) => (dialect === "flowise" ? ["providers/catalog"] : []);
/** Settings of receivers are as the sinks themselves declare them. */
const sinks = (dialect: string) => (dialect === "superai" ? ["audit-streams"] : []);
const dialects = ["superai", "flowise", "litegraph"].flatMap((name) => [
  [
    `app/(${name})`,
    [
      ...["authorization", "vocabulary", "api/http", `api/http/${name}`, `api/wire/${name}`, "providers", ...services],
      ...platform("refusal", "expected-version", "uuid"),
      ...(name === "superai" ? ["api/openapi"] : []),
    ],
  ],
  // The API of a dialect speaks its refusals.
  [`api/http/${name}`, ["api/http", `api/wire/${name}`, ...platform("refusal", "expected-version")]],
  [
    `api/wire/${name}`,
    [
      ...["api/wire", "vocabulary", "providers", ...catalog(name), ...sinks(name), ...views],
      ...platform("refusal", "names", "pagination", "expected-version", "uuid", "html-text"),
    ],
  ],
]);

/**
 * Who may import whom. A part is a folder (or a single file) of lib, and of lib/platform, lib/api, lib/api/wire and lib/providers;
 * each names the other parts it may use. "type x" allows x's types only. A part that is not listed may import nothing of ours, so a
 * new folder begins with a line here.
 */
const allowed: Record<string, string[]> = {
  ...Object.fromEntries(dialects),
  app: ["components"],
  "app/(console)": [
    ...["app", "authorization", "vocabulary", "components", "api/http", "providers", "importers"],
    ...services,
    ...leaves,
  ],
  "app/(sign-in)": ["app", "components", "api/http", "identity", "organizations", "platform/readiness"],
  "app/docs": ["app", "components"],
  "app/api": ["api/http"],
  // What is nowhere keeps the frame of the console.
  "app/[...rest]": ["app", "app/(console)", "api/http"],
  components: [
    ...["providers", "providers/catalog", "vocabulary", "platform/refusal"],
    ...["type platform/pagination", "type api/http", "type platform/audit", "type importers", ...views],
  ],
  // What all APIs have in common: operations, and the headers that mean something.
  "api/wire": ["type vocabulary", "type platform/refusal"],
  // The documents of all APIs.
  "api/openapi": [
    ...["api/wire", "api/wire/superai", "api/wire/flowise", "api/wire/litegraph", "vocabulary"],
    ...["type platform/refusal", "platform/expected-version"],
  ],
  "api/http": [
    ...["api/wire", "authorization", "vocabulary", "identity"],
    ...platform("idempotency", "keys", "readiness", "env", "log"),
    ...leaves,
  ],
  "api/server": [
    ...["api/http", "identity", "organizations", "background", "observability"],
    ...platform("readiness", "db", "env", "log", "fair-share", "storable", "loads", "version"),
    "prisma",
  ],
  // What an operator sees of a process: counts, never a value.
  observability: [
    "credentials",
    "audit-streams",
    ...platform("audit", "db", "env", "jobs", "loads", "log", "meter", "tracing", "refusal", "version"),
  ],
  // An organisation's own kinds: read before credentials are, and so without them.
  "own-kinds": ["providers", "providers/catalog", "authorization", "vocabulary", "platform/audit", ...storage],
  // Audit logs on their way out.
  "audit-streams": [
    ...["authorization", "providers", "vocabulary"],
    ...platform("audit", "vault", "net", "json-object", "env", "refusal", "storable", "clock"),
    ...storage,
  ],
  credentials: [
    "own-kinds",
    // What is sealed of theirs goes under a new key with everything else.
    "audit-streams",
    ...["credentials/columns", "providers", "providers/catalog", "authorization", "vocabulary"],
    ...platform("vault", "audit", "oauth", "net", "jobs"),
    ...storage,
  ],
  // Who may do what with them.
  access: [
    "credentials",
    "identity",
    "providers",
    "authorization",
    "vocabulary",
    "generated",
    "platform/audit",
    ...storage,
  ],
  // What other systems kept: read in a process of its own, stored by the core.
  importers: [
    ...["credentials", "providers", "providers/postgresql", "providers/drivers", "authorization", "vocabulary"],
    ...platform("audit", "net", "env"),
    ...leaves,
  ],
  identity: [
    ...["authorization", "vocabulary", "organizations/view", "generated"],
    ...platform("audit", "env", "vault", "networks"),
    ...storage,
  ],
  organizations: [
    ...["identity", "organizations/view", "authorization", "vocabulary"],
    ...platform("audit", "env", "vault"),
    ...storage,
  ],
  "organizations/view": ["type generated"],
  "plugin-instances": ["credentials", "authorization", "vocabulary", "platform/audit", ...storage],
  // Closed sets of words, which the browser may know: they import types, and words of the same kind, at most.
  vocabulary: ["type providers", "type credentials/columns"],
  "credentials/columns": ["type providers"],
  authorization: ["vocabulary", "type platform/db", ...leaves],
  "authorization/actor": ["type vocabulary"],
  "platform/audit": ["authorization", "vocabulary", "platform/env", ...storage],
  "platform/idempotency": ["platform/vault", ...storage],
  "platform/retention": platform("db", "env", "log"),
  // The queues' names and bounds lie with the runner of the migrations, which makes them.
  "platform/jobs": [...platform("db", "log", "uuid"), "prisma"],
  // The instances' work beside serving.
  background: ["credentials", "audit-streams", ...platform("jobs", "audit", "env", "keys", "retention", "log")],
  // Works as the owner of the database, for the command line alone.
  "platform/backup": [...platform("env", "keys", "vault", "refusal", "json-object"), "prisma"],
  "platform/oauth": platform("net", "env", "clock", "json-depth"),
  "platform/net": platform("env", "refusal", "fair-share", "json-depth", "loads", "tracing"),
  "platform/vault": platform("env", "refusal", "key-service", "log"),
  // Asked in a process of its own, which loads the services' own clients.
  "platform/key-service": platform("env", "json-object"),
  "platform/version": platform("env"),
  "platform/doctor": [...platform("env", "keys", "net", "vault"), "prisma"],
  "platform/keys": platform("db", "vault", "env"),
  "platform/db": [...platform("env", "refusal", "uuid", "loads", "tracing"), "generated"],
  "platform/loads": ["type platform/refusal"],
  "platform/log": platform("env"),
  "platform/names": platform("refusal"),
  "platform/fair-share": platform("refusal", "loads"),
  "platform/pagination": platform("refusal"),
  "platform/storable": platform("refusal"),
  "platform/repeated-create": ["authorization/actor", ...platform("clock", "refusal")],
  "platform/optimistic-lock": ["type platform/db", ...platform("expected-version", "clock", "refusal")],
  "platform/readiness": ["credentials", ...platform("net", "audit", "keys", "vault", "db", "env", "log")],
  providers: [
    ...["providers/worker", "providers/catalog", "type platform/oauth", "generated"],
    ...platform("net", "env", "refusal", "fair-share", "storable", "uuid", "tracing"),
  ],
  "providers/worker": ["providers", "providers/catalog", ...platform("net", "env", "refusal", "fair-share", "loads")],
  // The same server software, offered by the platform.
  "providers/internal-postgresql": ["providers", "providers/postgresql"],
  // Files, what they mean, and requests as they say: signed, and sent to try a credential out.
  "providers/catalog": [
    ...["providers", "providers/drivers", "providers/pasting", "generated"],
    ...platform("net", "refusal"),
  ],
  // Some are the native tests of systems of ours, under other names.
  "providers/drivers": [
    "providers",
    ...["postgresql", "aws-ses", "google", "microsoft"].map((name) => `providers/${name}`),
    ...platform("net", "refusal"),
  ],
  // Tested by the request that the catalogue's kinds are tested with.
  "providers/api-credential": ["providers", "providers/catalog", "platform/refusal"],
  "providers/*": ["providers", ...platform("net", "refusal", "json-object")],
  cli: [
    ...["authorization", "vocabulary", "providers", "providers/catalog", "importers"],
    ...platform(
      "vault",
      "keys",
      "key-service",
      "jobs",
      "readiness",
      "env",
      "backup",
      "doctor",
      "version",
      "json-object",
    ),
    ...services,
    ...leaves,
  ],
};

/** Packages that only some parts may use. Types of them are free. */
const packages: [RegExp, string[]][] = [
  [/^(next|react|react-dom)(\/|$)/, ["app", "app/*", "components", "api/http"]],
  [/^next-auth/, ["app/*", "components", "api/http"]],
  // A backup is the owner's; the doctor makes connections as the application does, and as the owner, and keeps none.
  [/^pg$/, ["platform/db", "platform/backup", "platform/doctor", "providers/*"]],
  [/^pg-copy-streams$/, ["platform/backup"]],
  [/^(mysql2|tedious|ioredis|mongodb|mongodb-connection-string-url)(\/|$)/, ["providers/*"]],
  [/^(nodemailer|imapflow|ldapts|amqplib|mqtt|basic-ftp|kafkajs|@nats-io)(\/|$)/, ["providers/*"]],
  [/^@azure\//, ["providers/*", "platform/key-service"]],
  [/^(@aws-sdk\/client-kms|google-auth-library)$/, ["platform/key-service"]],
  [/^@prisma\//, ["platform/db"]],
  [/^pg-boss$/, ["platform/jobs"]],
  // Lines of the log are made in one place, of named fields.
  [/^pino$/, ["platform/log"]],
  [/^(prom-client$|@opentelemetry\/)/, ["observability"]],
  [/^zod-openapi$/, ["api/openapi"]],
  // The only ways out of a process: the one road, protocols that are no HTTP, and our own front.
  [
    /^(ssh2|node:(net|tls|dgram|dns|http|https|http2))/,
    ["platform/net", "platform/doctor", "providers", "providers/*", "api/server"],
  ],
  // The gateway's hop to the console, and the way to a key service that has no client of its own.
  [/^undici$/, ["api/server", "platform/key-service"]],
  [/^(got|axios|node-fetch|ky|superagent|follow-redirects)$/, []],
  // Passwords are hashed and compared behind one throttle.
  [/^@node-rs\/argon2$/, ["identity"]],
  // Tokens of service accounts are fetched in the worker, which has no other process to ask through.
  [/^openid-client$/, ["platform/oauth", "providers/catalog"]],
  [/^node:child_process$/, ["platform/net", "platform/key-service", "providers/*", "importers", "api/server"]],
  // Parsers of what other systems wrote: only in the process that reads it.
  [/^sql\.js$/, ["importers"]],
  // And definitions of kinds, which are bounded in length and hold no aliases.
  [/^yaml$/, ["importers", "providers/catalog"]],
  [/^@smithy\//, ["providers/*", "audit-streams"]],
  [/^standardwebhooks$/, ["audit-streams"]],
];

describe("the parts of the house", () => {
  test("import only what their row allows", () => {
    expectNone(edges.filter((edge) => edge.target && !isAllowed(edge)).map(describeEdge));
  });

  test("use only the packages meant for them", () => {
    expectNone(edges.filter((edge) => !edge.target && !edge.isType && !mayUse(edge)).map(describeEdge));
  });

  test("form no cycle", () => {
    expectNone(cycles());
  });

  test("leave process.env to lib/platform/env.ts", () => {
    const readers = files.filter((file) => file !== "lib/platform/env.ts" && /process\.env\b/.test(sourceOf(file)));
    expectNone(readers);
  });

  test("print nothing but what the command line answers", () => {
    const printing = files.filter((file) =>
      /\bconsole\.(log|info|warn|error|debug|trace|dir|table)\(|\bprocess\.std(out|err)\b/.test(sourceOf(file)),
    );
    expectNone(printing.filter((file) => !file.startsWith("lib/cli/")));
  });

  test("do not fetch past the guard", () => {
    const fetching = files.filter((file) => file.startsWith("lib/") && /(?<![\w.])fetch\(/.test(sourceOf(file)));
    expectNone(fetching);
  });

  test("parse what comes over HTTP, in place of calling it what it should be", () => {
    const believing = files.filter((file) => TALKS.test(file) && BELIEVED.test(sourceOf(file)));
    expectNone(believing);
  });

  test("open sockets in one place, and speak HTTP in one place", () => {
    const opening = edges.filter(({ from, request, isType }) => !isType && OPENS.test(request) && !isOpener(from));
    expectNone(opening.map(describeEdge));
  });

  test("send what operators are told from one file", () => {
    const sending = edges.filter(({ request }) => request.startsWith("@opentelemetry/")).map(({ from }) => from);
    expect([...new Set(sending)]).toEqual(["lib/observability/otlp.ts"]);
  });

  test("keep the road out of the processes that hold the keys", () => {
    const holders = files.filter((file) => /^(app\/|proxy|lib\/(api\/server|cli)\/)/.test(file));
    const reached = reachableFrom(holders);
    expect(reached.has("lib/platform/net/worker/fetch-outside.ts")).toBe(true);
    expectNone(
      [
        "lib/platform/net/dial.ts",
        ...["stream", "fetch", "send"].map((name) => `lib/platform/net/guarded-${name}.ts`),
        "lib/platform/net/http-exchange.ts",
        ...files.filter((file) => file.startsWith("lib/platform/key-service/services/")),
      ].filter((file) => reached.has(file)),
    );
  });

  test("keep server modules out of the browser", () => {
    const server = /^(node:|pg$|mysql2|ioredis$|ssh2$|sshpk$|pino$|@prisma\/|@node-rs\/)/;
    const unmarked = files.filter((file) => {
      const imports = edges.filter((edge) => edge.from === file && !edge.isType);
      const isServer = imports.some(
        ({ request, target }) => server.test(request) || target === "lib/platform/db/index.ts",
      );
      return file.startsWith("lib/") && isServer && !imports.some(({ request }) => request === "server-only");
    });
    expectNone(unmarked);
  });
});

/** Who reads requests and answers. */
const TALKS = /^(app|components|lib\/api)\//;
/** An answer or a text that is read and called a type in one breath. */
const BELIEVED = /(?:\.json\(\)(?:\.catch\([^)]*\))?|JSON\.parse\((?:[^()]|\([^()]*\))*\))\)? as (?!unknown\b)/;

const OPENS = /^(ssh2|node:(net|tls|dgram|dns|http|https|http2))/;
/** Who may import what opens a socket. What of the protocols of single providers is here runs in the worker alone. */
const OPENERS = [
  ...["ip-address", "dial", "encrypt", "http-exchange", "resolve"].map((name) => `lib/platform/net/${name}.ts`),
  // Reads and judges, opens nothing.
  "lib/providers/certificate.ts",
  // Asks where this installation itself is said to answer, by its operator's own settings.
  "lib/platform/doctor/public-url.ts",
  // A protocol that is no HTTP, over a stream that the guard has let through; and a driver that insists on dialling, at a relay.
  ...["sftp/session", "sftp/open-key", "drivers/mongodb-relay", "drivers/mongodb-url", "drivers/relay"].map(
    (name) => `lib/providers/${name}.ts`,
  ),
];

/** Our own front, and the console behind it, connect inwards alone. */
const isOpener = (file: string) => OPENERS.includes(file) || file.startsWith("lib/api/server/");

/** Every file that these load, at once or later; types aside. */
function reachableFrom(starts: string[]): Set<string> {
  const reached = new Set(starts);
  for (const file of reached)
    for (const { from, target, isType } of edges) if (from === file && target && !isType) reached.add(target);
  return reached;
}

/** Shows every offender, where a list would be cut. */
const expectNone = (offenders: string[]) => expect(offenders.join("\n")).toBe("");

const root = fileURLToPath(new URL("..", import.meta.url));
/** Tests and what only they use may import anything. */
const EXEMPT = /\.test\.tsx?$|^lib\/generated\//;
const files = ["app", "components", "lib"]
  .flatMap(filesIn)
  .filter((file) => /\.tsx?$/.test(file) && !EXEMPT.test(file));

interface Edge {
  from: string;
  request: string;
  /** The file of ours, or undefined for a package. */
  target: string | undefined;
  isType: boolean;
}
const edges = files.flatMap(edgesOf);

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

function sourceOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function edgesOf(from: string): Edge[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(from, sourceOf(from)).module;
  const requests = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      request: moduleRequest.value,
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) => (moduleRequest ? [{ request: moduleRequest.value, isType }] : [])),
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      request: sourceOf(from).slice(start + 1, end - 1),
      isType: false,
    })),
  ];
  return requests.map(({ request, isType }) => ({ from, request, target: targetOf(from, request), isType }));
}

function targetOf(from: string, request: string): string | undefined {
  if (!/^(@\/|\.)/.test(request)) return undefined;
  const path = request.startsWith("@/") ? request.slice(2) : relative(root, resolve(root, dirname(from), request));
  return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find((file) => files.includes(file)) ?? path;
}

/** Single files that others may import where their folder is closed to them. */
const singles = ["authorization/actor", "credentials/columns", "organizations/view"];

function partOf(file: string): string {
  const [top = "", ...path] = file.split("/");
  if (top === "components" || top === "prisma" || file === "app/globals.css") return top;
  if (top === "app") return path.length < 2 ? "app" : `app/${path[0]}`;
  const bare = path.join("/").replace(/(\/index)?\.tsx?$/, "");
  if (singles.includes(bare)) return bare;
  const [folder = "", second = "", third] = bare.split("/");
  if (folder === "api" && second === "http" && /^(superai|flowise|litegraph)$/.test(third ?? ""))
    return `api/http/${third}`;
  if (folder === "api" && second === "wire" && third !== undefined && path.length > 3) return `api/wire/${third}`;
  if (folder === "platform" || folder === "api") return `${folder}/${second}`;
  return folder === "providers" && path.length > 2 ? `providers/${second}` : folder;
}

const rowOf = (part: string) =>
  allowed[part] ?? (part.startsWith("providers/") ? allowed["providers/*"] : undefined) ?? [];

function isAllowed({ from, target = "", isType }: Edge): boolean {
  const [part, other] = [partOf(from), partOf(target)];
  const row = [part, ...rowOf(part)];
  // Who may use the whole may use a single file of it.
  if (singles.includes(other) && row.includes(other.split("/")[0] ?? "")) return true;
  return row.includes(other) || (isType && row.includes(`type ${other}`));
}

function mayUse({ from, request }: Edge): boolean {
  const part = partOf(from);
  const names = [part, part.replace(/\/.*/, "/*")];
  return packages.every(([name, parts]) => !name.test(request) || names.some((one) => parts.includes(one)));
}

const describeEdge = ({ from, request, isType }: Edge) => `${from} -> ${request}${isType ? " (type)" : ""}`;

/** Each cycle once, as the path that closes it. */
function cycles(): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (done.has(file) || path.includes(file)) return;
    for (const { target } of edges.filter(({ from }) => from === file)) if (target) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}
