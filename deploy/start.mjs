// npm start: from a fresh checkout to a served vault. Needs nothing but Node and npm.
//   --dev   with Next's development server   --once   in this very process, without somebody who starts it again
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { loadSettingsFile, say, Trouble } from "./say.mjs";
import { supervise } from "./supervise.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [dev, once] = ["--dev", "--once"].map((word) => process.argv.includes(word));

try {
  loadSettingsFile();
  if (!dev && !once) await supervise(fileURLToPath(import.meta.url), ["--once"]);
  // Nobody is there to start us again, or to tell us to stop.
  process.on("disconnect", () => process.exit(1));
  await installIfNeeded(process.cwd());
  // Only now can modules be loaded that need packages.
  const { serve } = await import("./serve.mjs");
  await serve({ dev });
} catch (error) {
  say(error instanceof Trouble ? error.message : error.stack);
  process.exit(1);
}
