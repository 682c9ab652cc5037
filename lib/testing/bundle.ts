import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

/**
 * Bundles an entry as production does, for a test that runs it as a process of its own.
 * @returns where it is, and how to remove it again
 */
export async function bundle(entry: string): Promise<{ path: string; remove: () => void }> {
  const root = process.cwd();
  // Inside the repository, so that the bundle finds its packages.
  mkdirSync(join(root, "dist"), { recursive: true });
  const outDir = mkdtempSync(join(root, "dist", "test-bundle-"));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    resolve: { alias: { "@": root, "server-only": join(root, "node_modules/server-only/empty.js") } },
    build: {
      ssr: entry,
      outDir,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "entry.js" } },
    },
  });
  return { path: join(outDir, "entry.js"), remove: () => rmSync(outDir, { recursive: true, force: true }) };
}
