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
  const { nameEmbedded, prepare, prepareOwner } = await import("./prepare.mjs");
  const { buildServer } = await import("./build.mjs");
  const [word] = process.argv.slice(2);
  const prepared = {
    // Work on files needs no database, and doctor takes things as they are.
    kinds: () => buildServer(),
    audit: () => (process.argv.some((one) => /^--public-key(=|$)/.test(one)) ? buildServer() : prepare({ stopped })),
    doctor: () => buildServer().then(nameEmbedded),
    // As the database is: brought up to date by neither, nor given a key.
    backup: () => prepareOwner({ alone: false, stopped }),
    // Whoever only looks at a file needs no database either.
    restore: () => (process.argv.includes("--check") ? buildServer() : prepareOwner({ alone: true, stopped })),
  };
  const database = await Promise.race([(prepared[word] ?? (() => prepare({ stopped })))(), stopped]).then(
    (found) => found?.database,
  );
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
