// The built product for the browser tests: an empty vault in a temporary folder, with one administrator.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "latchkey-e2e-"));
chmodSync(folder, 0o711); // started by root, PostgreSQL's own user must get through

const settings = {
  PORT: process.env.E2E_PORT,
  LATCHKEY_DATA: folder,
  LATCHKEY_ADMIN_EMAIL: "admin@example.com",
  LATCHKEY_ADMIN_PASSWORD: process.env.E2E_ADMIN_PASSWORD,
  LATCHKEY_ORGANIZATION: "Example Ltd",
  // The servers of e2e/servers are on this machine.
  OUTBOUND_ALLOW: "127.0.0.0/8:1-65535,[::1]/128:1-65535,localhost:1-65535",
  LOG_LEVEL: "warn",
};
// An empty setting is none; it keeps what a developer has in .env out of the tests.
const unset = [
  "DATABASE_URL",
  "MIGRATION_DATABASE_URL",
  "LATCHKEY_KEY",
  "LATCHKEY_KEY_FILE",
  "HOST",
  "PUBLIC_URL",
  "TRUSTED_PROXIES",
];
const env = { ...process.env, ...Object.fromEntries(unset.map((name) => [name, ""])), ...settings };

const product = spawn(process.execPath, ["deploy/start.mjs"], { env, stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => product.kill("SIGTERM"));
product.on("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
