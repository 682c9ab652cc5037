import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import type { Actor } from "@/lib/authorization/actor";
import { type RewrapReport, rewrapAll } from "@/lib/credentials/rewrap";
import { ANNOUNCE_MS, type Instance, liveInstances } from "@/lib/platform/keys/instances";
import { Refusal } from "@/lib/platform/refusal";
import {
  exchangeKeyFiles,
  KEY_FILES_CHECK_MS,
  keyring,
  prepareKeyFile,
  reloadKeys,
  retireKeyFile,
} from "@/lib/platform/vault";
import { platform, say } from "./context";
import { ExitCode } from "./exit";

interface Options {
  prepare?: boolean;
  force?: boolean;
  keepPrevious?: boolean;
  json?: boolean;
}

export const rotateCommand = () =>
  new Command("rotate")
    .description(
      "Move everything to a new key while the server runs. A key file is exchanged for a fresh one, and the old key is kept; " +
        "with the key in a setting, exchange it first (LATCHKEY_KEY the new, LATCHKEY_PREVIOUS_KEY the old) and restart. " +
        "Refused while a running instance does not hold the new key. May be cut off and run again.",
    )
    .option("--prepare", "only make the new key, to copy it to the other hosts before anything is sealed under it")
    .option("--force", "rotate although a running instance does not hold the new key: it will answer 503 until it does")
    .option("--keep-previous", "leave the superseded key in place for reading")
    .option("--json", "print the outcome as JSON")
    .action(async (options: Options) => {
      const actor = await platform();
      const prepared = await prepareKeyFile();
      reloadKeys();
      const keyId = keyToBe();
      if (options.prepare) return sayPrepared(options, keyId, prepared);
      await requireHolders(keyId, prepared, options.force);
      await exchangeKeyFiles();
      reloadKeys();
      const report = await moveAll(actor);
      const left = report.damagedCount + report.busy;
      const archived = !options.keepPrevious && left === 0 ? retireKeyFile() : undefined;
      say(options.json, { keyId, ...report, oldKey: archived ?? null }, words(keyId, report, archived));
      if (left > 0) process.exitCode = ExitCode.partly;
    });

/** The key that everything will be under. */
function keyToBe(): string {
  const { current, previous, next } = keyring();
  if (next) return next.id;
  if (previous) return current.id;
  throw new Refusal(
    "invalid",
    "The key comes from LATCHKEY_KEY: set LATCHKEY_PREVIOUS_KEY to the old key and LATCHKEY_KEY to a new one, restart, and run this again",
  );
}

function sayPrepared({ json }: Options, keyId: string, path: string | undefined): void {
  const how = path
    ? `Key ${keyId} is in ${path}. Copy it to the same place beside the key file of every other host, then run key rotate.`
    : `Key ${keyId} is in use already: run key rotate`;
  say(json, { keyId, path: path ?? null }, how);
}

/** Instances look at their key files every few seconds. @throws Refusal "conflict" naming the hosts that lack the key */
async function requireHolders(keyId: string, path: string | undefined, force = false): Promise<void> {
  let lacking: Instance[] = [];
  for (let looks = 0; looks < 4; looks++) {
    lacking = (await liveInstances()).filter(({ keyIds }) => !keyIds.includes(keyId));
    if (lacking.length === 0) return;
    if (looks < 3) await pause(ANNOUNCE_MS);
  }
  const hosts = [...new Set(lacking.map(({ host }) => host))].join(", ");
  const what = `${lacking.length} running instances do not hold key ${keyId} (${hosts}).`;
  if (force) return void process.stderr.write(`${what} Going on all the same.\n`);
  throw new Refusal(
    "conflict",
    `${what} Nothing was changed. ${path ? `Copy ${path} beside the key file of each of these hosts` : "Give it to them and restart them"}, then run this again`,
  );
}

/** A running server may write under the old key for a moment after the exchange: it is let do so first. */
async function moveAll(actor: Actor): Promise<RewrapReport> {
  await pause(KEY_FILES_CHECK_MS * 2);
  let said = performance.now();
  const tell = (moved: number) => {
    if (performance.now() - said < PROGRESS_MS) return;
    said = performance.now();
    process.stderr.write(`${moved} moved\n`);
  };
  const first = await rewrapAll(actor, tell);
  if ((await liveInstances()).length === 0) return first;
  // Those with key files of their own write with the new key from their next look at the database on.
  await pause(ANNOUNCE_MS + KEY_FILES_CHECK_MS);
  const rest = await rewrapAll(actor, tell);
  return { ...rest, moved: first.moved + rest.moved };
}

const PROGRESS_MS = 2_000;

function words(
  keyId: string,
  { moved, damaged, damagedCount, busy }: RewrapReport,
  archived: string | undefined,
): string {
  const kept =
    archived &&
    `The old key is kept in ${archived}: backups made before now need it. Copy it, and the new key, to where you keep keys apart from the data.`;
  if (damagedCount + busy === 0)
    return [`${moved} moved; everything is under key ${keyId}`, ...(kept ? [kept] : [])].join("\n");
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
