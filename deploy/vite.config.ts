import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[/\\]$/, "");

/** Everything of ours that Node runs outside Next. Packages stay in node_modules, but for those of many small files. */
const entries = {
  env: "lib/platform/env.ts",
  server: "lib/api/server/main.ts",
  cli: "lib/cli/main.ts",
  worker: "lib/providers/worker/entry.ts",
  reader: "lib/importers/worker/entry.ts",
  outside: "lib/platform/net/worker/entry.ts",
  "key-service": "lib/platform/key-service/entry.ts",
  contract: "lib/api/openapi/index.ts",
};

/**
 * Of which reading a hundred files costs more than all else a process does that is started for one connection test. Whatever
 * hands them its own objects is among them: two copies of one library do not know each other's.
 */
const bundled = ["zod", "zod-openapi", "ipaddr.js", "uuid", "jose", "openid-client", "oauth4webapi"];

/** Says in `dist/bundled.json` which packages went into the bundles: the list of what a release is made of names them. */
const tellBundled: Plugin = {
  name: "latchkey:bundled",
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
    const inPackages = modules.flatMap((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^@/][^/]*)\//.exec(id)?.[1] ?? []);
    const folders = [...new Set(inPackages)].map((folder) => relative(root, folder)).sort();
    this.emitFile({ type: "asset", fileName: "bundled.json", source: JSON.stringify(folders) });
  },
};

export default defineConfig({
  root,
  plugins: [tellBundled],
  publicDir: false,
  logLevel: "warn",
  resolve: {
    alias: {
      "@": root,
      // The marker package throws outside a React server, and here is no browser bundle to protect.
      "server-only": `${root}/node_modules/server-only/empty.js`,
    },
  },
  ssr: { noExternal: bundled },
  build: {
    ssr: true,
    outDir: "dist",
    target: "node20",
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(`${root}/${file}`))),
      output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
    },
  },
});
