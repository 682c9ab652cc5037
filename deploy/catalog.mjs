// node deploy/catalog.mjs: makes lib/generated/catalog, the files of lib/providers/catalog as the modules that the program loads.
// Judges them by the product's own rules; what is wrong is named by file and line. A process of its own: Vite sets NODE_ENV for
// whoever loads it, and for all that is started from there.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "lib/generated/catalog");
const { generateCatalog } = await loaded("lib/providers/catalog/generate.ts");
const made = generateCatalog(join(root, "lib/providers/catalog"));
if (made.ok) await writeAll(made.files);
else {
  process.stderr.write(`The catalogue of kinds is not as it must be:\n${made.problems.map(inWords).join("\n")}\n`);
  process.exitCode = 1;
}

async function writeAll(files) {
  mkdirSync(folder, { recursive: true });
  const write = (name, content) => {
    const json = JSON.stringify(content);
    // What runs without a bundler as well (the browser tests) cannot import JSON.
    writeIfChanged(join(folder, name), name.endsWith(".ts") ? `export default ${json};\n` : json);
  };
  writeIfChanged(join(folder, "native-pages.ts"), nativePages(join(root, "lib/providers")));
  for (const [name, content] of Object.entries(files)) write(name, content);
  write("index.json", (await loaded("lib/providers/listing-rows.ts")).listingRows());
}

async function loaded(file) {
  const { module } = await runnerImport(join(root, file), {
    root,
    configFile: false,
    logLevel: "error",
    resolve: {
      alias: { "@": root.replace(/[/\\]$/, ""), "server-only": join(root, "node_modules/server-only/empty.js") },
    },
  });
  return module;
}

/** A provider with code of its own is a folder whose name is its id in kebab case. */
function nativePages(providers) {
  const names = readdirSync(providers).filter((name) => existsSync(join(providers, name, "definition.ts")));
  const lines = names.map(
    (name) => `  ${name.replaceAll("-", "_")}: () => import("@/lib/providers/${name}/definition"),\n`,
  );
  return `export default {\n${lines.join("")}};\n`;
}

function inWords({ file, line, column, field, message }) {
  return `  ${relative(root, file)}:${line}:${column}  ${field}${field && ": "}${message}`;
}

/** A file that stays as it is wakes up nobody who watches it. */
function writeIfChanged(path, content) {
  try {
    if (readFileSync(path, "utf8") === content) return;
  } catch {
    // It is not there yet.
  }
  writeFileSync(path, content);
}
