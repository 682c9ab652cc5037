// lib/generated/catalog: the files of lib/providers/catalog as the modules that the program loads.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { runnerImport } from "vite";
import { Trouble } from "./say.mjs";

/**
 * Judges the files by the product's own rules.
 * @param {string} root
 * @throws Trouble that names what is wrong with them, by file and line
 */
export async function generateCatalog(root) {
  const made = (await loaded(root, "lib/providers/catalog/generate.ts")).generateCatalog(
    join(root, "lib/providers/catalog"),
  );
  if (!made.ok)
    throw new Trouble(`The catalogue of kinds is not as it must be:\n${made.problems.map(inWords(root)).join("\n")}`);
  const folder = join(root, "lib/generated/catalog");
  mkdirSync(folder, { recursive: true });
  const write = (name, content) => {
    const json = JSON.stringify(content);
    // What runs without a bundler as well (the browser tests) cannot import JSON.
    writeIfChanged(join(folder, name), name.endsWith(".ts") ? `export default ${json};\n` : json);
  };
  writeIfChanged(join(folder, "native-pages.ts"), nativePages(join(root, "lib/providers")));
  for (const [name, content] of Object.entries(made.files)) write(name, content);
  write("index.json", (await loaded(root, "lib/providers/listing-rows.ts")).listingRows());
}

async function loaded(root, file) {
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
function nativePages(folder) {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "definition.ts")));
  const lines = names.map(
    (name) => `  ${name.replaceAll("-", "_")}: () => import("@/lib/providers/${name}/definition"),\n`,
  );
  return `export default {\n${lines.join("")}};\n`;
}

const inWords =
  (root) =>
  ({ file, line, column, field, message }) =>
    `  ${relative(root, file)}:${line}:${column}  ${field}${field && ": "}${message}`;

/** A file that stays as it is wakes up nobody who watches it. */
function writeIfChanged(path, content) {
  try {
    if (readFileSync(path, "utf8") === content) return;
  } catch {
    // It is not there yet.
  }
  writeFileSync(path, content);
}
