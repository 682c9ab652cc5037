import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const tests = ["lib", "test", "prisma", "deploy", "clients"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && !name.includes("node_modules"))
    .map((name) => `${folder}/${name}`),
);

/**
 * What a file does to its process, so that nobody after it may have the same one: settings, the modules themselves, events of the
 * process, a database of its own. All others share processes, and with them the modules that are loaded: reading those anew for each
 * file is half of what a run costs.
 */
const ALTERS =
  /process\.env\.\w+ = |assign\(process\.env|delete process\.env|process\.(on|once|chdir)\(|\bvi\.|ownDatabase|globalThis/;
/** Support that does so for whoever imports it. */
const ALTERING = /from "[^"]*test\/(sign-in|database-away|providers\/protocol)"/;

const altering = tests.filter((name) => {
  const source = readFileSync(join(root, name), "utf8");
  return ALTERS.test(source) || ALTERING.test(source);
});

const common = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Authorities that this machine trusts besides are no part of what is tested, and each process reads all of them.
  env: { NODE_EXTRA_CA_CERTS: "" },
  // What is waited for may take its time on a busy machine; a test still fails for what never comes.
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  root,
  resolve: {
    alias: {
      "@": root,
      // The marker package throws outside a React server; under test there is no browser bundle to protect.
      "server-only": join(root, "node_modules/server-only/empty.js"),
    },
  },
  test: {
    globalSetup: [join(root, "test/database.ts")],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...common,
          globalSetup: [],
          name: "shared",
          isolate: false,
          include: tests.filter((name) => !altering.includes(name)),
        },
      },
      { extends: true, test: { ...common, globalSetup: [], name: "own", include: altering } },
    ],
  },
});
