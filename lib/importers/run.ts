import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { type ImportVerdict, importCredentials } from "@/lib/credentials";
import { withAuthorization } from "@/lib/platform/audit";
import { env } from "@/lib/platform/env";
import { outboundPolicy } from "@/lib/platform/net/operator-policy";
import { type OutboundPolicy, readAllowList } from "@/lib/platform/net/policy";
import { Refusal } from "@/lib/platform/refusal";
import { findProvider } from "@/lib/providers/index";
import { countOutcomes, type ImportProgress, type ImportReport, type ReportRow } from "@/lib/vocabulary/import-report";
import type { SourceInput, SourceProblem, SourceRow } from "./define";
import { takeSlot } from "./import-slots";
import { nextStep, otherSteps } from "./next-step";
import { printable } from "./printable";
import { OPEN_NOTE } from "./target";
import { readInChild } from "./worker/child";

export interface ImportRequest extends Omit<SourceInput, "network"> {
  source: string;
  /** Judges every row as an import would, and changes nothing. */
  dryRun: boolean;
}

export interface ImportOptions {
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** What the operator of this machine names may be reached, whatever the rules for people in a browser are. */
  byOperator?: boolean;
}

/** An import that may begin: whoever asks may import, and there is a place for it. */
export interface StartedImport {
  /** Reads the source, judges each row, and takes over what is good unless it is a dry run. Once. */
  run: (request: ImportRequest, options?: ImportOptions) => Promise<ImportReport>;
  /** Gives the place back, when nothing was run. */
  leave: () => void;
}

/**
 * The first step of every import, taken before anything of it is read.
 * @throws Refusal "forbidden" for whoever may not, or has not confirmed their password just now; "too_many_requests"
 * while another import of the organisation runs; "unavailable" while those of others do
 */
export function startImport(actor: Actor): Promise<StartedImport> {
  return withAuthorization(actor, "credential:import", { action: "credential.imported" }, async () => {
    requireRecentPassword(actor);
    const leave = await takeSlot(actor);
    return { leave, run: (request, options = {}) => runImport(actor, request, options).finally(leave) };
  });
}

async function runImport(actor: Actor, request: ImportRequest, options: ImportOptions): Promise<ImportReport> {
  const { source, dryRun, content, key, part } = request;
  const network = { ...LIMITS, policy: policyFor(options), sshLegacyAlgorithms: env().SSH_LEGACY_ALGORITHMS };
  const signal = options.signal ?? new AbortController().signal;
  const read = await readInChild({ source, content, key, part, network }, signal);
  const good = read.flatMap((row) => ("found" in row ? [{ ...row, ...row.found }] : []));
  // Somebody who has closed the page no longer wants what has not begun.
  if (signal.aborted) throw new Refusal("conflict", "The import was given up before anything was changed");
  const verdicts = await importCredentials(actor, good, {
    dryRun,
    onProgress: (done) => options.onProgress?.({ done, total: good.length }),
  });
  const rest = verdicts.values();
  const rows = read.map((row) => ("found" in row ? judgedRow(row, rest.next().value) : problemRow(row, row.problem)));
  return { source, dryRun, rows, counts: countOutcomes(rows) };
}

const LIMITS = { connectTimeoutMs: 10_000, maxInboundBytes: 64 * 1024 * 1024 };

const policyFor = ({ byOperator = false }: ImportOptions): OutboundPolicy =>
  byOperator ? { allow: readAllowList("0.0.0.0/0:1-65535,[::]/0:1-65535"), selfEndpoints: [] } : outboundPolicy();

const factsOf = ({ id, shownId = id, name, kind }: SourceRow) => ({
  sourceId: printable(shownId),
  name: printable(name),
  kind: printable(kind),
});

const problemRow = (row: SourceRow, { outcome, message }: SourceProblem): ReportRow => ({
  ...factsOf(row),
  provider: null,
  outcome,
  credentialId: null,
  notes: [message],
  next: otherSteps[outcome],
  testable: false,
});

type GoodRow = Extract<SourceRow, { found: object }>;

function judgedRow(row: GoodRow, verdict: ImportVerdict | undefined): ReportRow {
  if (!verdict) throw new Error("a row without a verdict");
  const { provider } = row.found;
  const facts = { ...factsOf(row), provider: findProvider(provider)?.label ?? provider };
  switch (verdict.outcome) {
    case "imported": {
      if (verdict.ownKind !== undefined) return ofOwnKind(row, facts, verdict);
      const notes = [...(verdict.renamed ? [`Its name here: ${printable(verdict.name)}.`] : []), ...row.notes];
      return { ...facts, outcome: "imported", credentialId: verdict.id, notes, ...nextStep(row) };
    }
    case "present":
      return {
        ...facts,
        outcome: "present",
        credentialId: verdict.state === "deleted" ? null : verdict.id,
        notes: [STATES[verdict.state]],
        next: otherSteps[verdict.state],
        testable: false,
      };
    case "unacceptable": {
      const notes = verdict.problems.map(({ field, message }) => `${field ? `${field}: ` : ""}${message}.`);
      return { ...facts, ...none("unacceptable"), notes };
    }
    case "over_limit": {
      const notes = [verdict.scope === "provider" ? OF_PROVIDER(verdict.limit) : OF_USER(verdict.limit)];
      return { ...facts, ...none("over_limit"), notes };
    }
  }
}

/** What was read of it knew no kind: its own note says so, and does not hold any more. */
function ofOwnKind(
  row: GoodRow,
  facts: ReturnType<typeof factsOf>,
  { id, name, renamed, ownKind = "" }: Extract<ImportVerdict, { outcome: "imported" }>,
): ReportRow {
  const notes = [
    ...(renamed ? [`Its name here: ${printable(name)}.`] : []),
    ...row.notes.filter((note) => note !== OPEN_NOTE),
  ];
  return {
    ...facts,
    provider: printable(ownKind),
    outcome: "imported",
    credentialId: id,
    notes,
    next: "Test it, where its kind has a test.",
    testable: false,
  };
}

const none = <Outcome extends "unacceptable" | "over_limit">(outcome: Outcome) => ({
  outcome,
  credentialId: null,
  next: otherSteps[outcome],
  testable: false,
});

const STATES = {
  unchanged: "It has this id and was not changed here. It is left as it is.",
  changed: "It has this id and was changed here since it was made. It is left as it is.",
  deleted: "A credential of this id was deleted here. It is not brought back.",
};

const AND_THEN =
  "Ask the platform administrator for a higher limit, then import again: what is here already is passed over.";
const OF_PROVIDER = (limit: number) => `The organisation may have ${limit} credentials of this provider. ${AND_THEN}`;
const OF_USER = (limit: number) => `You may have ${limit} credentials. ${AND_THEN}`;
