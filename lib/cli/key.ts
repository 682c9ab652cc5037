import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import type { Actor } from "@/lib/actor";
import { type RewrapReport, rewrapAll } from "@/lib/credentials/rewrap";
import { countByKey } from "@/lib/credentials/rotation";
import { Refusal } from "@/lib/refusal";
import { exchangeKeyFiles, KEY_FILES_CHECK_MS, keyring, reloadKeys, retireKeyFile } from "@/lib/vault";
import { platform, say } from "./context";
import { ExitCode } from "./exit";

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
      const report = await moveAll(actor);
      const left = report.damagedCount + report.busy;
      if (!keepPrevious && left === 0) retireKeyFile();
      const keyId = keyring().current.id;
      say(json, { keyId, ...report }, words(keyId, report));
      if (left > 0) process.exitCode = ExitCode.partly;
    });

/** A running server may write under the old key for a moment after the exchange: it is let do so first. */
async function moveAll(actor: Actor): Promise<RewrapReport> {
  await pause(KEY_FILES_CHECK_MS * 2);
  let said = performance.now();
  return rewrapAll(actor, (moved) => {
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    process.stderr.write(`${moved} moved\n`);
  });
}

const PROGRESS_MS = 2_000;

function words(keyId: string, { moved, damaged, damagedCount, busy }: RewrapReport): string {
  if (damagedCount + busy === 0) return `${moved} moved; everything is under key ${keyId}`;
  const names = damaged.map(({ kind, orgId, id }) => `  ${kind} ${id}${orgId && ` of organization ${orgId}`}`);
  if (damagedCount > damaged.length) names.push(`  and ${damagedCount - damaged.length} more`);
  const damagedWords = [
    `${damagedCount} do not open and were left as they are. Send each of these anew, or delete it, then run this again:`,
    ...names,
  ];
  return [
    `${moved} moved to key ${keyId}. The old key is still needed, and stays where it is.`,
    ...(damagedCount > 0 ? damagedWords : []),
    ...(busy > 0 ? [`${busy} were held by others all the time: run this again`] : []),
  ].join("\n");
}
