// npm run release: makes in release/ what an operator installs, for this platform. The same commit gives the same bytes.
import { buildConsole, buildServer } from "./build.mjs";
import { installIfNeeded } from "./install.mjs";
import { root } from "./program.mjs";
import { announce, say } from "./say.mjs";
import { wordsOf } from "./words.mjs";

try {
  await installIfNeeded(root);
  await buildServer();
  await buildConsole();
  say("Packing");
  // Only now are the packages there that this needs.
  const { makeRelease } = await import("./release/make.mjs");
  for (const file of await makeRelease(root, "release")) announce(file);
} catch (error) {
  say(wordsOf(error));
  process.exitCode = 1;
}
