// npm start: from a fresh checkout to a served vault. Needs nothing but Node and npm.
//   --dev   with Next's development server   --once   in this very process, without somebody who starts it again
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { root, settleIn } from "./program.mjs";
import { loadSettingsFile, outliveReaders, Stopped, sayFailure } from "./say.mjs";
import { supervise } from "./supervise.mjs";
import { untilTold } from "./told.mjs";
import { wordsOf } from "./words.mjs";

const stop = () => Promise.reject(new Stopped());
settleIn();
const [dev, once] = ["--dev", "--once"].map((word) => process.argv.includes(word));

try {
  outliveReaders();
  loadSettingsFile();
  if (!dev && !once) await supervise(fileURLToPath(import.meta.url), ["--once"]);
  const told = untilTold();
  // Nobody is there to start us again, or to tell us to stop.
  process.on("disconnect", () => process.exit(1));
  await Promise.race([installIfNeeded(root), told.then(stop)]);
  // Only now can modules be loaded that need packages.
  const { serve } = await import("./serve.mjs");
  await serve({ dev, told });
  process.exit(0);
} catch (error) {
  if (error instanceof Stopped) process.exit(0);
  sayFailure(wordsOf(error));
  process.exit(1);
}
