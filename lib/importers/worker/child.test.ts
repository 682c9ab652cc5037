import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readInChild, setReaderPath } from "./child";

const folder = mkdtempSync(join(tmpdir(), "latchkey-reader-"));
afterAll(() => {
  setReaderPath(undefined);
  rmSync(folder, { recursive: true, force: true });
});

const network = {
  policy: { allow: [], selfEndpoints: [] },
  connectTimeoutMs: 1_000,
  maxInboundBytes: 1_000,
  sshLegacyAlgorithms: false,
};

test.each([
  ["breaks at what it reads", "process.exit(1);", "invalid"],
  [
    "runs out of the memory that it may have",
    "const all = []; for (;;) all.push(new Array(1e6).fill(all.length));",
    "invalid",
  ],
  ["is killed by the machine", 'process.kill(process.pid, "SIGKILL");', "unavailable"],
])(
  "a reader that %s is told as what it was",
  async (name, death, code) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.mjs`);
    writeFileSync(path, `process.once("message", () => { ${death} });`);
    setReaderPath(path);
    const job = { source: "n8n", content: { bytes: Buffer.from("[]") }, network };
    await expect(readInChild(job, new AbortController().signal)).rejects.toMatchObject({ code });
  },
  60_000,
);
