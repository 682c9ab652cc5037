import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowiseDatabase, flowiseKey, flowiseRow } from "../test/importers/flowise";
import { expect, newProgram, test } from "./fixtures";

const key = flowiseKey();
let folder = "";

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-import-"));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("the command imports a Flowise database beside the running server, again and again", async ({ product }) => {
  const row = flowiseRow({ openAIApiKey: "sk-by-command" }, key, { name: `Flow ${randomUUID()}` });
  const database = file("database.sqlite", await flowiseDatabase([row]));
  const words = ["import", "flowise", "--database", database, "--key", file("encryption.key", `${key}\n`)];
  const { fetchSecret } = await newProgram(product);
  expect(await product.command(...words, "--dry-run")).toContain(`Will be imported\t${row.id}\topenAIApi\t${row.name}`);
  expect((await fetchSecret(row.id)).status).toBe(404);
  const said = await product.command(...words, "--json");
  expect(JSON.parse(said)).toMatchObject({ source: "flowise", dryRun: false, counts: { imported: 1 } });
  expect(said).not.toContain("sk-by-command");
  expect(await fetchSecret(row.id)).toMatchObject({ data: { openAIApiKey: "sk-by-command" } });
  expect(await product.command(...words)).toContain("Already here");
  expect(readdirSync(folder).sort()).toEqual(["database.sqlite", "encryption.key"]);
});

test("the command says by its exit code whether all, some or none came in", async ({ product }) => {
  const good = { secretKey: "sk" };
  const mixed = file(
    "mixed.json",
    JSON.stringify([
      { id: randomUUID(), name: "a", type: "stripeApi", data: good },
      { id: randomUUID(), name: "b", type: "x y", data: good },
    ]),
  );
  await expect(product.command("import", "n8n", "--file", mixed)).rejects.toThrow("ended with 4");
  const database = file("database.sqlite", await flowiseDatabase([flowiseRow(good, key)]));
  const wrong = ["import", "flowise", "--database", database, "--key", flowiseKey()];
  await expect(product.command(...wrong)).rejects.toThrow("ended with 1");
  await expect(product.command("import", "airflow", "--file", join(folder, "nothing"))).rejects.toThrow("ended with 1");
  await expect(product.command("import", "airflow")).rejects.toThrow("ended with 2");
  file("database.sqlite-wal", "changes that are not in the file yet");
  await expect(product.command(...wrong.slice(0, 4), "--key", key)).rejects.toThrow("ended with 1");
});

test("the command tests what came in, and says how each ended and what is next", async ({ product, postgres }) => {
  const { port, username: user, password } = postgres;
  const place = { host: "localhost", port, database: "postgres", user };
  const rows = [
    { id: randomUUID(), name: "good", type: "postgres", data: { ...place, password } },
    { id: randomUUID(), name: "bad", type: "postgres", data: { ...place, password: "wrong-and-planted" } },
    { id: randomUUID(), name: "open", type: "ourOwnNode", data: { key: "k" } },
  ];
  const said = await product.command("import", "n8n", "--file", file("n8n.json", JSON.stringify(rows)), "--test");
  expect(said).toMatch(/good\t.*Next: Test it\.\tTest: ok/);
  expect(said).toMatch(/bad\t.*Test: failed \(wrong_credentials\)/);
  expect(said).toMatch(/open\t.*Next: Nothing/);
  expect(said).toContain("2 tested, 1 work");
  expect(said).not.toContain("planted");
});

test("the command takes Airflow's key from a file alone", async ({ product }) => {
  const rows = [{ conn_id: `c-${randomUUID()}`, conn_type: "slack", password: FERNET.token, is_encrypted: true }];
  const words = ["import", "airflow", "--file", file("rows.json", JSON.stringify(rows)), "--dry-run"];
  await expect(product.command(...words)).rejects.toThrow("ended with 1");
  await expect(product.command(...words, "--key", FERNET.key)).rejects.toThrow("ended with 1");
  expect(await product.command(...words, "--key", file("fernet_key", `${FERNET.key}\n`))).toContain("Will be imported");
});

/** The vector of the Fernet specification. */
const FERNET = {
  key: "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
  token: "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
};
