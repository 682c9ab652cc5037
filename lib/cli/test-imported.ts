import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { testCredential } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import type { ReportRow } from "@/lib/vocabulary/import-report";

/** How a test ended: its outcome and fixed code, or that it could not be run. */
export interface TestedRow {
  outcome: string;
  reason: string | null;
}

/** At once: as many as one asker has places for. */
const AT_ONCE = 2;

/** Tests what came in and can be tested, as its page would; what cannot be tried is an outcome, and ends nothing. */
export async function testAll(actor: Actor, rows: ReportRow[]): Promise<Map<ReportRow, TestedRow>> {
  const results = new Map<ReportRow, TestedRow>();
  const rest = rows.filter(({ testable, credentialId }) => testable && credentialId !== null).values();
  const work = async () => {
    for (const row of rest) {
      results.set(row, await tested(actor, row.credentialId ?? ""));
      process.stderr.write(`${results.size} tested\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

async function tested(actor: Actor, id: string): Promise<TestedRow> {
  try {
    const { report } = await testCredential(actor, { id });
    return { outcome: report.outcome, reason: report.reason ?? null };
  } catch (error) {
    if (error instanceof Refusal) return { outcome: "not_tested", reason: error.code };
    throw error;
  }
}
