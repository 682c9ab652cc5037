import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";

/** Closed sets of words, which the browser may know: they import types, and words of the same kind, at most. */
const words = [
  "access/permissions",
  ...["view", "columns", "endings", "access-end"].map((name) => `credentials/${name}`),
  "audit/event",
  "importers/report",
];
const services = ["credentials", "plugin-instances", "tokens", "people", "audit"];
const views = ["type credentials", "type plugin-instances", "type tokens", "type people"];
const leaves = ["actor", "refusal", "clock", "page", "versions", "shares", "storable", "json-depth", "uuid"];
const storage = ["db", "type generated", "keys", "log", "names", "unchanged", "repeated-create", ...leaves];
/** It presents the kinds that it shares with us as their files describe them. */
const catalog = (dialect: string) => (dialect === "flowise" ? ["providers/catalog"] : []);
const dialects = ["superai", "flowise", "litegraph"].flatMap((name) => [
  [
    `app/(${name})`,
    [
      ...["access", "http", `http/${name}`, `wire/${name}`, "providers", ...services, "refusal", "versions", "uuid"],
      ...(name === "superai" ? ["openapi"] : []),
    ],
  ],
  // The door of a dialect speaks its refusals.
  [`http/${name}`, ["http", `wire/${name}`, "refusal", "versions"]],
  [
    `wire/${name}`,
    [
      "wire",
      "providers",
      ...catalog(name),
      "refusal",
      "names",
      "page",
      "versions",
      "uuid",
      "html-text",
      ...views,
      ...words,
    ],
  ],
]);

/**
 * Who may import whom. A part is a folder (or a single file of lib); each names the other parts it may use. "type x"
 * allows x's types only. A part that is not listed may import nothing of ours, so a new folder begins with a line here.
 */
const allowed: Record<string, string[]> = {
  ...Object.fromEntries(dialects),
  app: ["components"],
  "app/(console)": ["app", "access", "components", "http", "providers", "importers", ...services, ...leaves],
  "app/(sign-in)": ["app", "components", "http", "people", "ready"],
  "app/docs": ["app", "components"],
  "app/api": ["http"],
  // What is nowhere keeps the frame of the console.
  "app/[...rest]": ["app", "app/(console)", "http"],
  components: [
    "providers",
    "providers/catalog",
    "refusal",
    "type page",
    "type http",
    "type audit",
    "type importers",
    ...views,
    ...words,
  ],
  // What all doors have in common: operations, and the headers that mean something.
  wire: ["type access/permissions", "type refusal"],
  // The documents of all doors.
  openapi: ["wire", "wire/superai", "wire/flowise", "wire/litegraph", "type refusal", "versions"],
  http: ["wire", "access", "tokens", "people", "idempotency", "keys", "ready", "env", "log", ...leaves],
  credentials: [
    "credentials/columns",
    "providers",
    "providers/catalog",
    "vault",
    "access",
    "audit",
    "oauth",
    "net",
    ...storage,
  ],
  // What other systems kept: read in a process of its own, stored by the core.
  importers: [
    "credentials",
    "providers",
    "providers/postgresql",
    "providers/drivers",
    "access",
    "audit",
    "net",
    "env",
    ...leaves,
  ],
  "importers/report": [],
  tokens: ["access", "audit", "env", ...storage],
  people: ["access", "audit", "env", "tokens", "vault", ...storage],
  "plugin-instances": ["credentials", "access", "audit", ...storage],
  "access/permissions": [],
  access: leaves,
  "credentials/columns": ["type providers"],
  "credentials/view": ["type providers", "type credentials/columns"],
  "credentials/endings": ["credentials/access-end"],
  "credentials/access-end": ["type credentials/view"],
  "audit/event": [],
  audit: ["access", "env", ...storage],
  idempotency: ["vault", ...storage],
  housekeeping: ["db", "log"],
  oauth: ["net", "env", "clock", "json-depth"],
  providers: [
    "providers/worker",
    "providers/catalog",
    "type oauth",
    "net",
    "generated",
    "env",
    "refusal",
    "shares",
    "storable",
  ],
  "providers/worker": ["providers", "providers/catalog", "net", "env", "refusal", "shares"],
  // The same server software, offered by the platform.
  "providers/internal-postgresql": ["providers", "providers/postgresql"],
  // Files, what they mean, and requests as they say: signed, and sent to try a credential out.
  "providers/catalog": ["providers", "providers/drivers", "generated", "net", "refusal"],
  // Some are the native tests of systems of ours, under other names.
  "providers/drivers": [
    "providers",
    ...["postgresql", "aws-ses", "google", "microsoft"].map((name) => `providers/${name}`),
    "net",
    "refusal",
  ],
  // Tested by the request that the catalogue's kinds are tested with.
  "providers/api-credential": ["providers", "providers/catalog", "refusal"],
  "providers/*": ["providers", "net", "refusal"],
  net: ["env", "refusal", "shares", "json-depth"],
  vault: ["env", "refusal"],
  keys: ["db", "vault", "env"],
  "db-watch": [],
  db: ["db-watch", "env", "refusal", "generated", "uuid"],
  "application-role": ["db"],
  log: ["env"],
  names: ["refusal"],
  shares: ["refusal"],
  page: ["refusal"],
  storable: ["refusal"],
  "json-depth": [],
  "html-text": [],
  uuid: [],
  versions: [],
  "repeated-create": ["actor", "clock", "refusal"],
  unchanged: ["type db", "versions", "clock", "refusal"],
  actor: ["type access/permissions"],
  ready: ["net", "audit", "credentials", "housekeeping", "keys", "vault", "application-role", "db", "env", "log"],
  server: ["people", "http", "ready", "db", "env", "log", "shares", "storable"],
  cli: [
    "access",
    "vault",
    "keys",
    "providers",
    "providers/catalog",
    "importers",
    "ready",
    "env",
    ...services,
    ...leaves,
  ],
};

/** Packages that only some parts may use. Types of them are free. */
const packages: [RegExp, string[]][] = [
  [/^(next|react|react-dom)(\/|$)/, ["app", "app/*", "components", "http"]],
  [/^next-auth/, ["app/*", "components", "http"]],
  [/^pg$/, ["db", "db-watch", "providers/*"]],
  [/^(mysql2|ioredis|mongodb|mongodb-connection-string-url)(\/|$)/, ["providers/*"]],
  [/^@azure\//, ["providers/*"]],
  [/^@prisma\//, ["db"]],
  [/^zod-openapi$/, ["openapi"]],
  // The only ways out of a process: the one road, protocols that are no HTTP, and our own front.
  [/^(ssh2|node:(net|tls|dgram|dns|http|https|http2))/, ["net", "providers", "providers/*", "server"]],
  // The gateway's hop to the console.
  [/^undici$/, ["server"]],
  [/^(got|axios|node-fetch|ky|superagent|follow-redirects)$/, []],
  // Passwords are hashed and compared behind one throttle.
  [/^@node-rs\/argon2$/, ["people"]],
  [/^openid-client$/, ["oauth"]],
  [/^node:child_process$/, ["net", "providers/*", "importers", "server"]],
  // Parsers of what other systems wrote: only in the process that reads it.
  [/^sql\.js$/, ["importers"]],
  // And definitions of kinds, which are bounded in length and hold no aliases.
  [/^yaml$/, ["importers", "providers/catalog"]],
  [/^@smithy\//, ["providers/*"]],
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

  test("leave process.env to lib/env.ts", () => {
    const readers = files.filter((file) => file !== "lib/env.ts" && /process\.env\b/.test(sourceOf(file)));
    expectNone(readers);
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

  test("keep the road out of the processes that hold the keys", () => {
    const holders = files.filter((file) => /^(app\/|proxy|lib\/(server|cli)\/)/.test(file));
    const reached = reachableFrom(holders);
    expect(reached.has("lib/net/worker/fetch-outside.ts")).toBe(true);
    expectNone(
      ["lib/net/dial.ts", "lib/net/guarded-fetch.ts", "lib/net/http-exchange.ts"].filter((file) => reached.has(file)),
    );
  });

  test("keep server modules out of the browser", () => {
    const server = /^(node:|pg$|mysql2|ioredis$|ssh2$|sshpk$|pino$|@prisma\/|@node-rs\/)/;
    const unmarked = files.filter((file) => {
      const imports = edges.filter((edge) => edge.from === file && !edge.isType);
      const isServer = imports.some(({ request, target }) => server.test(request) || target === "lib/db.ts");
      return file.startsWith("lib/") && isServer && !imports.some(({ request }) => request === "server-only");
    });
    expectNone(unmarked);
  });
});

/** Who reads requests and answers. */
const TALKS = /^(app|components|lib\/(http|wire|openapi|server))\//;
/** An answer or a text that is read and called a type in one breath. */
const BELIEVED = /(?:\.json\(\)(?:\.catch\([^)]*\))?|JSON\.parse\((?:[^()]|\([^()]*\))*\))\)? as (?!unknown\b)/;

const OPENS = /^(ssh2|node:(net|tls|dgram|dns|http|https|http2))/;
/** Who may import what opens a socket. What of the protocols of single providers is here runs in the worker alone. */
const OPENERS = [
  ...["address", "dial", "encrypt", "http-exchange", "resolve"].map((name) => `lib/net/${name}.ts`),
  // Reads and judges, opens nothing.
  "lib/providers/certificate.ts",
  // A protocol that is no HTTP, over a stream that the guard has let through; and a driver that insists on dialling, at a relay.
  ...["sftp/session", "sftp/open-key", "drivers/mongodb-relay", "drivers/mongodb-url"].map(
    (name) => `lib/providers/${name}.ts`,
  ),
];

/** Our own front, and the console behind it, connect inwards alone. */
const isOpener = (file: string) => OPENERS.includes(file) || file.startsWith("lib/server/");

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
const EXEMPT = /\.test\.tsx?$|\/testing\/|\.config\.ts$|^lib\/test-database\.ts$|^lib\/generated\//;
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

function partOf(file: string): string {
  const [top = "", folder = "", name] = file.split("/");
  if (top === "components" || file === "app/globals.css") return top;
  if (top === "app") return name === undefined ? "app" : `app/${folder}`;
  if (name === undefined) return folder.replace(/\.tsx?$/, "");
  if (words.includes(`${folder}/${name.replace(".ts", "")}`)) return `${folder}/${name.replace(".ts", "")}`;
  if (folder === "http" && /^(superai|flowise|litegraph)\.ts$/.test(name)) return `http/${name.replace(".ts", "")}`;
  return ["wire", "providers"].includes(folder) && !/\.tsx?$/.test(name) ? `${folder}/${name}` : folder;
}

const rowOf = (part: string) =>
  allowed[part] ?? (part.startsWith("providers/") ? allowed["providers/*"] : undefined) ?? [];

function isAllowed({ from, target = "", isType }: Edge): boolean {
  const [part, other] = [partOf(from), partOf(target)];
  const row = [part, ...rowOf(part)];
  // Who may use the whole may use its words.
  if (words.includes(other) && row.includes(other.split("/")[0] ?? "")) return true;
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
