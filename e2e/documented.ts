import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Product } from "../test/servers/product";

/** What the commands of a page need to find. */
export interface Surroundings {
  /** Shell variables that the page takes for given. */
  variables?: Record<string, string>;
  /** What stands for something of the reader's own, and what it is here. */
  words?: Record<string, string>;
  /** The reader's home folder. */
  home?: string;
  /** Further settings, which the product has as well. */
  settings?: Record<string, string>;
}

export interface Pasted {
  /** "200 GET http://…" of each request. */
  statuses: string[];
  /** How the last command ended; the first one that fails is the last. */
  code: number | null;
  said: string;
}

/** Pages that people read, by path: the README, those beside it and those in docs/. */
export const pages = [".", "docs"].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => (folder === "." ? name : `${folder}/${name}`)),
);

/** The shell blocks of a page, from top to bottom. */
export const commandsOf = (page: string): string[] =>
  [...readFileSync(page, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);

/** Lines that are indented by four spaces, blocks aside: what is typed in the folder, outside of any shell that goes on. */
export const typedIn = (page: string): string[] =>
  [
    ...readFileSync(page, "utf8")
      .replace(/```[\s\S]*?```/g, "")
      .matchAll(/^ {4}(\S.*)$/gm),
  ].map(([, line = ""]) => line);

/** Runs blocks as a person pastes them, one behind the other into one shell. */
export async function paste(product: Product, blocks: string[], around: Surroundings = {}): Promise<Pasted> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-documentation-"));
  const [script, statuses] = [join(folder, "lines.sh"), join(folder, "statuses")];
  writeFileSync(statuses, "");
  writeFileSync(script, `${preamble(folder, statuses, around.variables)}\n${lines(product, blocks, around.words)}`);
  const settings = { DATABASE_URL: "", LATCHKEY_KEY: "", LATCHKEY_KEY_FILE: "", LATCHKEY_DATA: product.folder };
  const env = { ...process.env, ...settings, ...around.settings, ...(around.home && { HOME: around.home }) };
  const child = spawn("bash", [script], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise<number | null>((ended) => child.once("close", ended));
  const asked = readFileSync(statuses, "utf8").trim();
  rmSync(folder, { recursive: true });
  return { statuses: asked === "" ? [] : asked.split("\n"), code, said };
}

/** `npm run` without npm's own start, and a curl that notes what came. */
const preamble = (folder: string, statuses: string, variables: Record<string, string> = {}) => `set -euo pipefail
npm() { shift 4; node deploy/latchkey.mjs "$@"; }
curl() {
  local answer; answer=$(mktemp -p ${folder})
  command curl --output "$answer" --write-out '%{http_code} %{method} %{url_effective}\\n' "$@" >> ${statuses}
  cat "$answer"; echo
}
${Object.entries(variables)
  .map(([name, value]) => `${name}='${value}'`)
  .join("\n")}`;

function lines(product: Product, blocks: string[], words: Record<string, string> = {}): string {
  const text = blocks
    .join("\n")
    // The page's own curl is the one above.
    .replace(/^curl\(\).*$/m, "")
    .replaceAll("http://localhost:3000", product.url)
    .replaceAll("ana@example.com", product.admin.email);
  return Object.entries(words).reduce((all, [word, meant]) => all.replaceAll(word, meant), text);
}
