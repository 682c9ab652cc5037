import "server-only";
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { verifyReceived } from "@/lib/audit-streams/received/verify";
import { pemOf, publicKeyIn, publicSealingKey } from "@/lib/audit-streams/seal-key";
import { type RowProblem, verifyRows } from "@/lib/credentials/verify-rows";
import { type Verdict, verifyChains } from "@/lib/platform/audit/verify";
import { wordsOf } from "./audit-received";
import { streamCommand } from "./audit-stream";
import { platform, say } from "./context";
import { ExitCode } from "./exit";

interface VerifyOptions {
  anchors?: string;
  from?: string[];
  publicKey?: string;
  json?: boolean;
}

export const auditCommand = (): Command =>
  new Command("audit")
    .description("The audit log")
    .addCommand(verifyCommand())
    .addCommand(keyCommand())
    .addCommand(streamCommand());

const verifyCommand = () =>
  new Command("verify")
    .description(
      "Check that no audit event was changed, dropped, moved, forged or cut off, and that each credential is what its last event says.",
    )
    .option("--anchors <file>", "heads kept elsewhere: the anchor file, or a saved process log")
    .option("--from <file...>", "check what receivers of the log have kept, instead of what is stored here")
    .option(
      "--public-key <file>",
      "with --from: the key to check seals with; then nothing else of an installation is needed",
    )
    .option("--json", "print a verdict per organisation as JSON")
    .action((options: VerifyOptions) => (options.from ? verifyFiles(options.from, options) : verifyStored(options)));

const keyCommand = () =>
  new Command("key")
    .description("Print the public key that seals of the audit log are checked with.")
    .action(async () => {
      await platform();
      say(false, undefined, pemOf(publicSealingKey()).trimEnd());
    });

async function verifyStored({ anchors, json }: VerifyOptions): Promise<void> {
  await platform();
  const verdicts: FullVerdict[] = [];
  for (const verdict of await verifyChains(undefined, anchors))
    verdicts.push({ ...verdict, credentials: await verifyRows(verdict.orgId) });
  say(json, verdicts, verdicts.flatMap(lines).join("\n") || "no organisations");
  const bad = verdicts.some(({ problem, credentials }) => problem || credentials.length > 0);
  if (bad) process.exitCode = ExitCode.tampered;
}

/** With a public key alone it reads nothing but files. */
async function verifyFiles(files: string[], { publicKey, json }: VerifyOptions): Promise<void> {
  if (publicKey === undefined) await platform();
  const key = publicKey === undefined ? publicSealingKey() : publicKeyIn(await readFile(publicKey, "utf8"));
  const report = await verifyReceived(files, { publicKey: key, isKeyHeld: publicKey === undefined });
  say(json, report, wordsOf(report));
  if (!report.isSound) process.exitCode = ExitCode.tampered;
}

const meaning: Record<NonNullable<Verdict["problem"]>, string> = {
  altered: "was altered, moved or forged",
  missing: "is missing",
  checkpoint_altered: "and others are gone, and what stands for them (the checkpoint) was altered or forged",
  head_mismatch: "does not fit the recorded head of the chain",
  behind_anchor: "is missing, and an anchor proves that it was there",
  differs_from_anchor: "differs from what an anchor recorded",
};

type FullVerdict = Verdict & { credentials: RowProblem[] };

const rowMeaning: Record<RowProblem["problem"], (event: string | null) => string> = {
  stale_ciphertext: (event) => `has another ciphertext than event ${event} left behind (stale ciphertext)`,
  unrecorded: () => "has a ciphertext that no event speaks of",
  does_not_open: () => "does not open",
  clear_part_differs: () => "shows something else in clear than is sealed",
};

const lines = (verdict: FullVerdict): string[] => [
  line(verdict),
  ...verdict.credentials.map(
    ({ credentialId, event, problem }) =>
      `${verdict.orgId}  BAD  credential ${credentialId} ${rowMeaning[problem](event)}`,
  ),
];

const line = ({ orgId, events, letGo, firstBad, problem, anchored }: Verdict): string =>
  problem
    ? `${orgId}  BAD  event ${firstBad} ${meaning[problem]}`
    : `${orgId}  ok  ${events} events${removed(letGo)}${vouched((letGo?.events ?? 0) + events, anchored)}`;

const removed = (letGo: Verdict["letGo"]): string =>
  letGo ? `; ${letGo.events} before them were removed under retention, until ${letGo.until}` : "";

/** @param last the newest event's number */
function vouched(last: number, anchored: string | null): string {
  if (last === 0 || anchored === String(last)) return "";
  return anchored === null
    ? "; there is no anchor, so none of them is vouched for by one"
    : `; events after ${anchored} are vouched for by no anchor`;
}
