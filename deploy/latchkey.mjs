// npm run --silent latchkey -- <command>: the operator's commands, beside a running server or without one.
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { loadSettingsFile, say, Trouble } from "./say.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
process.env.NODE_ENV = "production";

try {
  loadSettingsFile();
  await installIfNeeded(process.cwd());
  const { prepare } = await import("./prepare.mjs");
  const { database } = await prepare();
  try {
    await import("../dist/cli.js"); // runs the command line and sets the exit code
  } finally {
    await database?.leave();
  }
} catch (error) {
  say(error instanceof Trouble ? error.message : error.stack);
  process.exitCode = 1;
}
process.exit();
