import "server-only";
import { Command } from "commander";
import { type Verdict, verifyChains } from "@/lib/audit/verify";
import { platform, say } from "./context";
import { ExitCode } from "./exit";

export function auditCommand(): Command {
  const verify = new Command("verify")
    .description("Check that no audit event was changed, dropped, moved, forged or cut off.")
    .option("--anchors <file>", "heads kept elsewhere: the anchor file, or a saved process log")
    .option("--json", "print a verdict per organisation as JSON")
    .action(async ({ anchors, json }: { anchors?: string; json?: boolean }) => {
      await platform();
      const verdicts = await verifyChains(undefined, anchors);
      say(json, verdicts, verdicts.map(line).join("\n") || "no organisations");
      if (verdicts.some((verdict) => verdict.problem)) process.exitCode = ExitCode.tampered;
    });
  return new Command("audit").description("The audit log").addCommand(verify);
}

const meaning: Record<NonNullable<Verdict["problem"]>, string> = {
  altered: "was altered, moved or forged",
  missing: "is missing",
  head_mismatch: "does not fit the recorded head of the chain",
  behind_anchor: "is missing, and an anchor proves that it was there",
  differs_from_anchor: "differs from what an anchor recorded",
};

const line = ({ orgId, events, firstBad, problem }: Verdict): string =>
  problem ? `${orgId}  BAD  event ${firstBad} ${meaning[problem]}` : `${orgId}  ok  ${events} events`;
