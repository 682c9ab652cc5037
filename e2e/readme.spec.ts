import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Product, startProduct } from "./servers/product";

test.describe.configure({ mode: "default" });
test.setTimeout(240_000);

const readme = readFileSync("README.md", "utf8");

/** The first shell block behind a heading. */
function blockAfter(heading: string): string {
  const text = readme.slice(readme.indexOf(`\n${heading}\n`));
  return /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
}

/** Runs lines of the README as a person pastes them, and answers the status that each request got. */
async function pasted(product: Product, lines: string): Promise<{ statuses: string[]; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-readme-"));
  const [script, statuses] = [join(folder, "lines.sh"), join(folder, "statuses")];
  writeFileSync(statuses, "");
  writeFileSync(
    script,
    `set -u
npm() { shift 4; node deploy/latchkey.mjs "$@"; }
${lines
  // Its own is the one below, which notes what came.
  .replace(/^curl\(\).*$/m, "")
  .replaceAll("http://localhost:3000", product.url)
  .replaceAll("ana@example.com", product.admin.email)}`.replace(
      "set -u\n",
      `set -u
curl() {
  local answer; answer=$(mktemp -p ${folder})
  command curl --output "$answer" --write-out '%{http_code} %{method} %{url_effective}\\n' "$@" >> ${statuses}
  cat "$answer"; echo
}
`,
    ),
  );
  const settings = { DATABASE_URL: "", LATCHKEY_KEY: "", LATCHKEY_KEY_FILE: "", LATCHKEY_DATA: product.folder };
  const child = spawn("bash", [script], { env: { ...process.env, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  await new Promise((ended) => child.once("close", ended));
  const lists = readFileSync(statuses, "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  return { statuses: lists, said };
}

test("every line of the README about the API does what it says, from top to bottom", async () => {
  const product = await startProduct({ SUPERAI_PASSWORD_GRANT: "on" });
  try {
    const headings = [
      "## The API",
      "### SuperAI's dialect (the native API)",
      "#### Organisations, people and signing in",
      "### LiteGraph's dialect",
      "### Flowise's dialect",
    ];
    const { statuses, said } = await pasted(product, headings.map(blockAfter).join("\n"));
    expect(statuses.length).toBeGreaterThan(25);
    expect(
      statuses.filter((line) => !/^2\d\d /.test(line)),
      said.slice(-2_000),
    ).toEqual([]);
    expect(said).not.toMatch(/unbound variable|command not found/);
  } finally {
    await product.stop();
  }
});
