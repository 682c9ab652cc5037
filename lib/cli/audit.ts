import "server-only";
import { Command } from "commander";
import { type RowProblem, verifyRows } from "@/lib/credentials/verify-rows";
import { type Verdict, verifyChains } from "@/lib/platform/audit/verify";
import { platform, say } from "./context";
import { ExitCode } from "./exit";

export function auditCommand(): Command {
  const verify = new Command("verify")
    .description(
      "Check that no audit event was changed, dropped, moved, forged or cut off, and that each credential is what its last event says.",
    )
    .option("--anchors <file>", "heads kept elsewhere: the anchor file, or a saved process log")
    .option("--json", "print a verdict per organisation as JSON")
    .action(async ({ anchors, json }: { anchors?: string; json?: boolean }) => {
      await platform();
      const verdicts: FullVerdict[] = [];
      for (const verdict of await verifyChains(undefined, anchors))
        verdicts.push({ ...verdict, credentials: await verifyRows(verdict.orgId) });
      say(json, verdicts, verdicts.flatMap(lines).join("\n") || "no organisations");
      const bad = verdicts.some(({ problem, credentials }) => problem || credentials.length > 0);
      if (bad) process.exitCode = ExitCode.tampered;
    });
  return new Command("audit").description("The audit log").addCommand(verify);
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
