import type { ReceivedReport } from "@/lib/audit-streams/received/verify";

type Verdict = ReceivedReport["organizations"][number];
type Problem = Verdict["problems"][number];

/** What became of the log at its receivers, a line for each finding. */
export function wordsOf({ organizations, unreadable }: ReceivedReport): string {
  const lines = organizations.flatMap((verdict) => [
    ...(verdict.sound.length > 0 || verdict.problems.length === 0 ? [soundLine(verdict)] : []),
    ...verdict.problems.map((problem) => `${verdict.orgId}  BAD  ${eventsOf(problem)} ${meaning[problem.problem]}`),
  ]);
  const broken = `BAD  ${unreadable} lines are called events or seals of the audit log and are none`;
  return [...(lines.length > 0 ? lines : [NOTHING]), ...(unreadable > 0 ? [broken] : [])].join("\n");
}

const NOTHING = "BAD  there is no audit event in these files: nothing can be said of the log";

const soundLine = ({ orgId, sound, seals }: Verdict): string =>
  `${orgId}  ok  ${sound.map(eventsOf).join(", ")}, by ${seals} seals`;

const meaning: Record<Problem["problem"], string> = {
  altered: "altered, or forged: not what was sealed",
  missing: "missing",
  contradicting: "there twice and not the same",
  unsealed: "without their seal, or without all that it speaks of: nothing vouches for them",
  bad_seal: "have a seal that was not made with this key",
};

const eventsOf = ({ from, to }: { from: string; to: string }): string =>
  from === to ? `event ${from}` : `events ${from} to ${to}`;
