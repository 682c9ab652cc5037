import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

export default defineConfig({
  root,
  resolve: {
    alias: {
      "@": root.replace(/\/$/, ""),
      // The marker package throws outside a React server; under test there is no browser bundle to protect.
      "server-only": fileURLToPath(new URL("../node_modules/server-only/empty.js", import.meta.url)),
    },
  },
  test: {
    include: [
      "lib/**/*.test.ts",
      "test/**/*.test.ts",
      "prisma/**/*.test.ts",
      "deploy/**/*.test.ts",
      "clients/**/*.test.ts",
    ],
    globalSetup: ["test/database.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // Authorities that this machine trusts besides are no part of what is tested, and each process reads all of them.
    env: { NODE_EXTRA_CA_CERTS: "" },
    // What is waited for may take its time on a busy machine; a test still fails for what never comes.
    expect: { poll: { timeout: 30_000 } },
  },
});
