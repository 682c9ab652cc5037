import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The fault experiments: each starts the product as it is served and breaks something under it. One at a time. */
export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["bench/faults/*.fault.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    reporters: ["verbose"],
  },
});
