// npm run --silent latchkey -- <command>: the operator's commands, beside a running server or without one.
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { loadSettingsFile, outliveReaders, Stopped, say } from "./say.mjs";
import { untilTold } from "./told.mjs";
import { wordsOf } from "./words.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.env.NODE_ENV = "production";
/** What a shell says of a program that SIGTERM ended. */
const STOPPED = 143;

try {
  outliveReaders();
  loadSettingsFile();
  const stopped = untilTold().then(() => Promise.reject(new Stopped()));
  await Promise.race([installIfNeeded(process.cwd()), stopped]);
  const { prepare, prepareOwner } = await import("./prepare.mjs");
  const { buildServer } = await import("./build.mjs");
  // Work on files needs no database.
  const onFiles = process.argv[2] === "kinds";
  // As the database is: brought up to date by neither, nor given a key.
  const ofOwner = ["backup", "restore"].find((name) => name === process.argv[2]);
  const { database } = onFiles
    ? await Promise.race([buildServer(), stopped]).then(() => ({}))
    : await (ofOwner ? prepareOwner({ alone: ofOwner === "restore", stopped }) : prepare({ stopped }));
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
