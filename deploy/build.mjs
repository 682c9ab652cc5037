// Builds what `npm start` serves, and only if its sources changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compressFiles } from "./compress-files.mjs";
import { installIfNeeded } from "./install.mjs";
import { isRelease, root } from "./program.mjs";
import { run, say } from "./say.mjs";
import { wordsOf } from "./words.mjs";

const SOURCES = ["lib", "app", "prisma/schema.prisma", "package.json", "pnpm-lock.yaml", "tsconfig.json"];
const quiet = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CHECKPOINT_DISABLE: "1" };

/** dist/: the front, the commands and the worker; Prisma's client and the catalogue before them. A matter of seconds. */
export function buildServer() {
  return ifChanged("dist/.sources", [...SOURCES, "deploy/vite.config.ts"], async () => {
    say("Building the server");
    await generateClient();
    await node("Reading the catalogue of kinds", ["deploy/catalog.mjs"]);
    await node("Building the server", ["node_modules/vite/bin/vite.js", "build", "--config", "deploy/vite.config.ts"]);
  });
}

/** .next/: the console. */
export function buildConsole() {
  const sources = [
    ...SOURCES,
    "components",
    "public",
    "proxy.ts",
    "instrumentation.ts",
    "next.config.js",
    "postcss.config.mjs",
    "deploy/compress-files.mjs",
  ];
  return ifChanged(".next/.sources", sources, async (print) => {
    say("Building the console (about a minute)");
    await node("Building the console", ["node_modules/next/dist/bin/next", "build"], sameBuild(print));
    fixDraftKeys(print);
    await compressFiles(join(root, ".next/static"));
  });
}

/** lib/generated: typed access to the tables of prisma/schema.prisma. */
export const generateClient = () =>
  node("Generating the database client", [
    "node_modules/prisma/build/index.js",
    "generate",
    "--config",
    "prisma/config.ts",
  ]);

/*
 * What Next draws at random for each build is made from its sources' fingerprint instead, so that the same sources give the same
 * bytes. Nothing relies on it: whoever has a release can read it there, drafts are not used and no action closes over a value.
 */
const drawn = (what, bytes, print) => createHash("sha256").update(`${what}\0${print}`).digest().subarray(0, bytes);

const sameBuild = (print) => ({
  LATCHKEY_BUILD_ID: drawn("build", 12, print).toString("hex"),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: drawn("actions", 32, print).toString("base64"),
});

/** The keys for drafts cannot be given to Next, so they are changed in what it wrote. */
function fixDraftKeys(print) {
  const keys = JSON.parse(readFileSync(join(root, ".next/server/preview-props.json"), "utf8"));
  for (const file of [".next/server/preview-props.json", ".next/prerender-manifest.json"]) {
    let text = readFileSync(join(root, file), "utf8");
    for (const [name, key] of Object.entries(keys))
      text = text.replaceAll(key, drawn(name, key.length / 2, print).toString("hex"));
    writeFileSync(join(root, file), text);
  }
}

const node = (what, args, env = {}) =>
  run(what, process.execPath, args, { cwd: root, env: { ...quiet, NODE_ENV: "production", ...env } });

async function ifChanged(stamp, sources, build) {
  if (isRelease) return;
  const file = join(root, stamp);
  const before = fingerprint(sources);
  if (existsSync(file) && readFileSync(file, "utf8") === before) return;
  await build(before);
  writeFileSync(file, before);
}

/** A hash over names and contents; dates say nothing after a checkout. */
function fingerprint(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const file of sources.flatMap(filesOf)) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesOf(path) {
  const facts = statSync(join(root, path), { throwIfNoEntry: false });
  if (!facts || path === "lib/generated" || /\.test\.tsx?$/.test(path)) return [];
  if (facts.isFile()) return [path];
  const inside = readdirSync(join(root, path)).sort();
  return inside.flatMap((name) => filesOf(`${path}/${name}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await installIfNeeded(root);
    await buildServer();
    await buildConsole();
  } catch (error) {
    say(wordsOf(error));
    process.exitCode = 1;
  }
}
