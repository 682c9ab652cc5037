import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";

const root = fileURLToPath(new URL("..", import.meta.url));
const kinds: { id: string; base_url?: unknown; test?: Record<string, unknown>; fields: { name: string }[] }[] =
  JSON.parse(readFileSync(join(root, "lib/generated/catalog/kinds.json"), "utf8"));
const chunks = readdirSync(join(root, ".next/static"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(join(root, ".next/static", name), "utf8"))
  .join("\n");

test("what goes to the browser says nothing of how a kind's requests are addressed, tested or signed", () => {
  const tested = kinds.filter(({ test: declared }) => declared && !("driver" in declared));
  expect(tested.length).toBeGreaterThan(40);
  for (const { id, base_url, test: declared = {} } of tested) {
    const addresses = [base_url, declared.url].filter((one) => typeof one === "string");
    for (const address of addresses) expect(chunks, `${id} ${address}`).not.toContain(address);
    // Shorter paths are in any program.
    if (String(declared.path ?? "").length > 12) expect(chunks, `${id} ${declared.path}`).not.toContain(declared.path);
  }
});

test("what every page loads holds the names of all kinds, and the fields of none", () => {
  for (const { id } of kinds) expect(chunks).toContain(id);
  // Fields whose names are said nowhere but in their own file.
  const own = kinds
    .flatMap(({ fields }) => fields.map(({ name }) => name))
    .filter((name) => /(Api|API)[kK]ey$/.test(name));
  expect(own.length).toBeGreaterThan(30);
  const known = kinds.map(({ id }) => id);
  for (const name of own.filter((one) => !known.some((id) => id.includes(one))))
    expect(chunks.includes(name), name).toBe(false);
});
