// Builds what `npm start` serves, and only if its sources changed since the last time.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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
    "next.config.js",
    "postcss.config.mjs",
    "deploy/compress-files.mjs",
  ];
  return ifChanged(".next/.sources", sources, async (print) => {
    say("Building the console (about a minute)");
    await node("Building the console", ["node_modules/next/dist/bin/next", "build"], sameDraws(print));
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

/**
 * What Next would draw at random for each build, made from its sources' fingerprint instead, so that the same sources give the
 * same bytes. Nothing relies on them: whoever has a release can read them there, its drafts are not used and no action closes
 * over a value.
 */
function sameDraws(print) {
  const draw = (what, bytes) => createHash("sha256").update(`${what}\0${print}`).digest().subarray(0, bytes);
  const previews = {
    previewModeId: draw("preview id", 16).toString("hex"),
    previewModeSigningKey: draw("preview signature", 32).toString("hex"),
    previewModeEncryptionKey: draw("preview encryption", 32).toString("hex"),
    expireAt: Date.now() + 86_400_000,
  };
  mkdirSync(join(root, ".next/cache"), { recursive: true });
  writeFileSync(join(root, ".next/cache/.previewinfo"), JSON.stringify(previews));
  return {
    LATCHKEY_BUILD_ID: draw("build", 12).toString("hex"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: draw("actions", 32).toString("base64"),
  };
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
