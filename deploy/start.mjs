// npm start: from a fresh checkout to a served vault. Needs nothing but Node and npm. --dev: with Next's development server.
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { loadSettingsFile, say, Trouble } from "./say.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

try {
  loadSettingsFile();
  await installIfNeeded(process.cwd());
  // Only now can modules be loaded that need packages.
  const { serve, develop } = await import("./serve.mjs");
  await (process.argv.includes("--dev") ? develop() : serve());
} catch (error) {
  say(error instanceof Trouble ? error.message : error.stack);
  process.exit(1);
}
