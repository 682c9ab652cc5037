import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

/** Where a bundle of production lies; `test/database.ts` has had it built from these sources. */
export const builtEntry = (name: "worker" | "reader"): string => join(process.cwd(), "dist", `${name}.js`);

/**
 * Bundles an entry once more, for a test that tells its own processes from everybody's by the path.
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
