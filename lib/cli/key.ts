import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import type { Actor } from "@/lib/actor";
import { countByKey, rewrapAll } from "@/lib/credentials/rotation";
import { Refusal } from "@/lib/refusal";
import { exchangeKeyFiles, KEY_FILES_CHECK_MS, keyring, reloadKeys, retireKeyFile } from "@/lib/vault";
import { platform, say } from "./context";

export function keyCommand(): Command {
  return new Command("key")
    .description("The key-encryption key")
    .addCommand(statusCommand())
    .addCommand(rotateCommand());
}

const statusCommand = () =>
  new Command("status")
    .description("Show how many sealed things each key holds.")
    .option("--json", "print the counts as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      await platform();
      const keys = await counts();
      say(json, keys, keys.map(({ keyId, role, count }) => `${keyId}  ${role}  ${count}`).join("\n"));
    });

async function counts() {
  const { current, previous } = keyring();
  const found = new Map((await countByKey()).map(({ keyId, count }) => [keyId, count]));
  const known = [current, ...(previous ? [previous] : [])];
  for (const { id } of known) if (!found.has(id)) found.set(id, 0);
  const role = (id: string) => (id === current.id ? "current" : id === previous?.id ? "previous" : "unknown");
  return [...found].map(([keyId, count]) => ({ keyId, role: role(keyId), count }));
}

const rotateCommand = () =>
  new Command("rotate")
    .description(
      "Move everything to a new key while the server runs. A key file is exchanged for a fresh one; with the key in a setting, " +
        "exchange it first (LATCHKEY_KEY the new, LATCHKEY_PREVIOUS_KEY the old) and restart. May be cut off and run again.",
    )
    .option("--keep-previous", "leave the superseded key file in place")
    .option("--json", "print the outcome as JSON")
    .action(async ({ keepPrevious, json }: { keepPrevious?: boolean; json?: boolean }) => {
      const actor = await platform();
      if (!exchangeKeyFiles() && !keyring().previous) {
        throw new Refusal(
          "invalid",
          "The key comes from LATCHKEY_KEY: set LATCHKEY_PREVIOUS_KEY to the old key and LATCHKEY_KEY to a new one, restart, and run this again",
        );
      }
      reloadKeys();
      const moved = await moveAll(actor);
      if (!keepPrevious) retireKeyFile();
      const keyId = keyring().current.id;
      say(json, { keyId, moved }, `${moved} moved; everything is under key ${keyId}`);
    });

/** Rounds until nothing is left: a running server may write under the old key for a moment after the exchange. */
async function moveAll(actor: Actor): Promise<number> {
  let moved = 0;
  for (let quiet = 0; quiet < 2; ) {
    const done = await rewrapAll(actor, (count) => process.stderr.write(`${moved + count} moved\n`));
    moved += done;
    quiet = done === 0 ? quiet + 1 : 0;
    if (quiet < 2) await pause(KEY_FILES_CHECK_MS * 2);
  }
  return moved;
}
