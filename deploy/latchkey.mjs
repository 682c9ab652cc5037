// npm run --silent latchkey -- <command>: the operator's commands, beside a running server or without one.
import { installIfNeeded } from "./install.mjs";
import { root, settleIn, version } from "./program.mjs";
import { loadSettingsFile, outliveReaders, Stopped, say } from "./say.mjs";
import { untilTold } from "./told.mjs";
import { wordsOf } from "./words.mjs";

settleIn();
process.env.NODE_ENV = "production";
/** What a shell says of a program that SIGTERM ended. */
const STOPPED = 143;

if (process.argv[2] === "--version") {
  process.stdout.write(`${version()}\n`);
  process.exit();
}

try {
  outliveReaders();
  loadSettingsFile();
  const stopped = untilTold().then(() => Promise.reject(new Stopped()));
  await Promise.race([installIfNeeded(root), stopped]);
  const { nameEmbedded, prepare } = await import("./prepare.mjs");
  const { buildServer } = await import("./build.mjs");
  // Work on files needs no database, and doctor takes things as they are.
  const [word] = process.argv.slice(2);
  const asItIs = ["kinds", "doctor"].includes(word);
  const { database } = asItIs
    ? await Promise.race([buildServer(), stopped]).then(() => ({}))
    : await prepare({ stopped });
  if (word === "doctor") nameEmbedded();
  try {
    // Runs the command line and sets the exit code.
    await Promise.race([import("../dist/cli.js"), stopped]);
  } finally {
    await database?.leave();
  }
} catch (error) {
  if (!(error instanceof Stopped)) say(wordsOf(error));
  process.exitCode = error instanceof Stopped ? STOPPED : 1;
}
process.exit();
