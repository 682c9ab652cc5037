import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, devices } from "@playwright/test";

// Chosen by the first process that reads this file; the server and the workers inherit them.
process.env.E2E_PORT ??= freePort();
process.env.E2E_ADMIN_PASSWORD ??= randomBytes(18).toString("base64url");

const baseURL = `http://localhost:${process.env.E2E_PORT}`;
// Else the browser that Playwright itself has downloaded.
const installed = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: { baseURL, trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    {
      name: "chromium",
      use: {
        ...devices["Desktop Chrome"],
        launchOptions: {
          executablePath: process.env.CHROMIUM_PATH || installed,
          // No sandbox inside containers; nothing but the product is opened.
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
          ],
        },
      },
    },
  ],
  webServer: {
    command: "node e2e/serve.mjs",
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    url: `${baseURL}/sign-in`,
    timeout: 300_000,
    stdout: "ignore",
    stderr: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});

/** A configuration is read synchronously, so another process asks the system. */
function freePort(): string {
  const ask =
    'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })';
  return execFileSync(process.execPath, ["-e", ask]).toString().trim();
}
