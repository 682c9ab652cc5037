import "server-only";
import { v7 as uuidv7 } from "uuid";
import { may } from "@/lib/access/authorize";
import type { Actor } from "@/lib/actor";
import { permitted, record, recordAlone } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, type Transaction } from "@/lib/db";
import { testConnection } from "@/lib/providers/connections";
import { isTestable } from "@/lib/providers/define";
import type { Step, TestReport } from "@/lib/providers/report";
import { notFound, Refusal } from "@/lib/refusal";
import type { TestRequest } from "./input";
import { judge, judgeChange, methodFor, methodOfRow } from "./judge";
import { getCredential } from "./read";
import { issueReceipt, type Proof, type TestedValues } from "./receipt";
import { credentialsOf, type Row } from "./repository";
import { openData } from "./sealed-data";
import type { StoredTest } from "./view";

export interface TestResult {
  report: TestReport;
  /** Hand it to the save of these very values. */
  receipt: string;
}

/**
 * Tries values against the real system and stores none of them. Stored secrets are used only for the destination
 * they were stored for. A test of exactly what is stored becomes the credential's health.
 * @throws Refusal "invalid" for values that cannot be tried; "not_found"; "too_many_requests"
 */
export function testCredential(
  actor: Actor,
  request: TestRequest,
  options: { onStep?: ((step: Step) => void) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<TestResult> {
  const target = "id" in request ? ({ type: "credential", id: request.id } as const) : undefined;
  const entry = { action: "credential.tested", ...(target && { target }) } as const;
  return permitted(actor, "credential:test", entry, async () => {
    const { values, row, asStored } = await valuesOf(actor, request);
    if (!isTestable(methodOfRow(values, values.type), values.data)) {
      throw new Refusal("invalid", "This kind of credential cannot be tested", {
        fields: [{ path: ["provider"], message: "Has no connection test", code: "untestable" }],
      });
    }
    const report = await testConnection(values.provider, values.type, values.data, {
      orgId: actor.orgId,
      ...defined(options),
    });
    await remember(actor, report, row, asStored);
    return { report, receipt: await issueReceipt(actor, values, report) };
  });
}

const defined = ({
  onStep,
  signal,
}: {
  onStep?: ((step: Step) => void) | undefined;
  signal?: AbortSignal | undefined;
}) => ({
  ...(onStep && { onStep }),
  ...(signal && { signal }),
});

async function valuesOf(
  actor: Actor,
  request: TestRequest,
): Promise<{ values: TestedValues; row?: Row; asStored: boolean }> {
  if (!("id" in request)) {
    const { provider, type } = request;
    const data = await judge({ provider, method: methodFor(provider, type) }, request.data);
    return { values: { provider, type, data }, asStored: false };
  }
  const row = await credentialsOf(actor.orgId).find(request.id);
  if (!row) throw notFound();
  if (row.ownerId !== actor.id && !may(actor, "credential:update_all")) {
    throw new Refusal("forbidden", "You do not have permission to access this resource");
  }
  const stored = openData(row, row.sealed);
  const type = request.type ?? row.type;
  const data = request.change ? await judgeChange({ ...row, data: stored }, type, request.change) : stored;
  return { values: { provider: row.provider, type, data }, row, asStored: !request.change && type === row.type };
}

async function remember(actor: Actor, report: TestReport, row: Row | undefined, asStored: boolean): Promise<void> {
  const outcome = report.outcome === "ok" || report.outcome === "degraded" ? "done" : "failed";
  const reason = report.reason ? { reason: report.reason } : {};
  if (!row) return recordAlone(actor, { action: "credential.tested", outcome, ...reason });
  await inOrganization(actor.orgId, async (tx) => {
    await record(tx, actor, {
      action: "credential.tested",
      outcome,
      ...reason,
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version,
    });
    await keep(tx, actor, row.id, asStored ? row.sealedVersion : null, { ...report, at: clock.now() });
    if (asStored) await setHealth(tx, row, report);
  });
}

/** Health is no change of the credential: its version stays, so nobody's edit is disturbed. */
async function setHealth(tx: Transaction, row: Row, report: TestReport): Promise<void> {
  await tx.credential.updateMany({
    where: { orgId: row.orgId, id: row.id, sealedVersion: row.sealedVersion, deletedAt: null },
    data: {
      health: report.outcome,
      healthReason: report.reason ?? null,
      healthAt: clock.now(),
      healthVersion: row.sealedVersion,
    },
  });
}

/** Keeps the test that a save was made with, in the save's own transaction. */
export const rememberProof = (
  tx: Transaction,
  actor: Actor,
  id: string,
  version: number,
  proof: Proof,
): Promise<void> => keep(tx, actor, id, version, proof);

export const rememberProofAlone = (actor: Actor, id: string, version: number, proof: Proof): Promise<void> =>
  inOrganization(actor.orgId, (tx) => keep(tx, actor, id, version, proof));

interface Kept {
  outcome: string;
  reason?: string | undefined;
  steps: Step[];
  durationMs: number;
  at: Date;
}

async function keep(
  tx: Transaction,
  actor: Actor,
  credentialId: string,
  testedVersion: number | null,
  test: Kept,
): Promise<void> {
  await tx.connectionTest.create({
    data: {
      orgId: actor.orgId,
      id: uuidv7(),
      credentialId,
      outcome: test.outcome,
      reason: test.reason ?? null,
      steps: test.steps.map((step) => ({ ...step })),
      testedVersion,
      durationMs: Math.round(test.durationMs),
      actorName: actor.name,
      at: test.at,
    },
  });
}

/** The last 20 tests of a credential, newest first. */
export async function credentialTests(actor: Actor, id: string): Promise<StoredTest[]> {
  await getCredential(actor, id);
  const rows = await inOrganization(actor.orgId, (tx) =>
    tx.connectionTest.findMany({ where: { orgId: actor.orgId, credentialId: id }, orderBy: { at: "desc" }, take: 20 }),
  );
  return rows.map((row) => ({
    id: row.id,
    outcome: row.outcome as StoredTest["outcome"],
    reason: row.reason,
    steps: row.steps as unknown as Step[],
    testedVersion: row.testedVersion,
    durationMs: row.durationMs,
    actorName: row.actorName,
    at: row.at.toISOString(),
  }));
}
