// Where the program lies, and whether it is a release: then nothing is installed or built, and its folder is only read.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** `npm run release` puts this file into what it makes. A checkout has none. */
export const RELEASE_FILE = "release.json";
export const isRelease = existsSync(join(root, RELEASE_FILE));

export const version = () => JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;

/**
 * Before anything else is done. A checkout is worked with from its own folder. A release is started from wherever its operator is:
 * relative paths, `.env` and the default data folder are meant there, and the program's folder may be read-only.
 */
export function settleIn() {
  process.env.LATCHKEY_PROGRAM = root;
  if (!isRelease) process.chdir(root);
}
