/** What an import answers, for the console and the command line. Safe for the browser, and without any secret. */

/** In the order in which they are shown. In a preview, "imported" means that it would be. */
export const importOutcomes = ["imported", "present", "undecryptable", "unacceptable", "over_limit"] as const;
export type ImportOutcome = (typeof importOutcomes)[number];

export interface ReportRow {
  /** The id it has at the source. */
  sourceId: string;
  name: string;
  /** The source's word for its type. */
  kind: string;
  /** The provider it is or becomes here; null where that is not known. */
  provider: string | null;
  outcome: ImportOutcome;
  /** The credential here, where there is one; in a preview, only one that was there before. */
  credentialId: string | null;
  /** Why, and what to do about it: fixed words, fields by name. */
  notes: string[];
  /** What is left to do for it: one fixed sentence. */
  next: string;
  /** Whether it can be tried out against the real system. */
  testable: boolean;
}

export interface ImportReport {
  source: string;
  dryRun: boolean;
  rows: ReportRow[];
  counts: Record<ImportOutcome, number>;
}

export interface ImportProgress {
  done: number;
  total: number;
}

/** The words of an outcome, before and after. */
export const outcomeMessages: Record<ImportOutcome, { before: string; after: string }> = {
  imported: { before: "Will be imported", after: "Imported" },
  present: { before: "Already here", after: "Already here" },
  undecryptable: { before: "Cannot be decrypted", after: "Could not be decrypted" },
  unacceptable: { before: "Not acceptable", after: "Not acceptable" },
  over_limit: { before: "Over the limit", after: "Over the limit" },
};

export const outcomeWord = (outcome: ImportOutcome, dryRun: boolean): string =>
  outcomeMessages[outcome][dryRun ? "before" : "after"];

export const countOutcomes = (rows: ReportRow[]): ImportReport["counts"] => {
  const counts = { imported: 0, present: 0, undecryptable: 0, unacceptable: 0, over_limit: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  return counts;
};
