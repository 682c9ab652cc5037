// Builds the clients from the native API's document: node clients/build.mjs [typescript] [python]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildServer } from "../deploy/build.mjs";
import { run, say } from "../deploy/say.mjs";
import { wordsOf } from "../deploy/words.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (...path) => join(root, "clients", ...path);

/** The document of this very version. */
async function contract() {
  await buildServer();
  const { openApiDocument } = await import("../dist/contract.js");
  return JSON.parse(openApiDocument("superai").text);
}

/** Types of the document, and the creates that an Idempotency-Key means something for; then the package's dist/. */
async function buildTypescript(document) {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  writeFileSync(at("typescript/src/schema.ts"), astToString(await openapiTS(document)));
  const creates = operationsOf(document).filter(({ parameters = [] }) =>
    parameters.some(({ $ref }) => $ref === "#/components/parameters/Idempotency-Key"),
  );
  const names = creates.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  writeFileSync(
    at("typescript/src/creates.ts"),
    `/** The operations that take an Idempotency-Key. */\nexport const creates: ReadonlySet<string> = new Set(${JSON.stringify(names, null, 2)});\n`,
  );
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  await run("Building the TypeScript client", process.execPath, [compiler, "-p", at("typescript")], { cwd: root });
}

const operationsOf = ({ paths }) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** One method for each operation, by a generator of its own that needs Python alone. */
async function buildPython(document) {
  mkdirSync(at("python/build"), { recursive: true });
  writeFileSync(at("python/build/openapi.json"), JSON.stringify(document));
  await run("Building the Python client", "python3", [at("python/generate.py")], { cwd: root });
}

const builds = { typescript: buildTypescript, python: buildPython };

/** @param {string[]} names of clients; all of them where none is named */
export async function buildClients(names = []) {
  const document = await contract();
  for (const name of names.length > 0 ? names : Object.keys(builds)) await builds[name](document);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildClients(process.argv.slice(2));
    say("The clients are built");
  } catch (error) {
    say(wordsOf(error));
    process.exitCode = 1;
  }
}
