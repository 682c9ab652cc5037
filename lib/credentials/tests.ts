import "server-only";
import { z } from "zod";
import { requireRight, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { ownKind } from "@/lib/own-kinds/lookup";
import { recordAlone, withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { type TestOptions, testConnection } from "@/lib/providers/connections";
import { isTestable } from "@/lib/providers/define";
import { type Doubt, doubtsAbout } from "@/lib/providers/doubts";
import { outcomes, type TestReport, type TestStep } from "@/lib/providers/report";
import { stepSchema } from "@/lib/providers/report-schema";
import { cutStep, doubtfulValue, type Problem } from "@/lib/providers/test-run";
import type { StoredTest } from "@/lib/vocabulary/credential-view";
import { accessForTest, type TestAccess } from "./connect/test-access";
import type { TestRequest } from "./input";
import { methodIn, methodOfRow, storedMethodIn } from "./methods";
import { getCredential } from "./read";
import { issueReceipt, type TestedValues } from "./receipt";
import { credentialsOf, type Row } from "./repository";
import { damaged, openData, openIfWhole } from "./sealed-data";
import { testRunOf } from "./test-runs";
import { testIsRequired, validateChange, validateData } from "./validate";
import { testWrite } from "./writes";

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
  options: { onStep?: ((step: TestStep) => void) | undefined; signal?: AbortSignal | undefined } = {},
): Promise<TestResult> {
  const target = "id" in request ? ({ type: "credential", id: request.id } as const) : undefined;
  const entry = { action: "credential.tested", ...(target && { target }) } as const;
  return withAuthorization(actor, "credential:test", entry, async () => {
    const found = await valuesOf(actor, request);
    await requireTestable(actor, found.values);
    const doubt = request.asEntered ? undefined : found.entered.find(({ certain }) => certain);
    if (doubt) {
      const report = stoppedBy(doubt);
      for (const step of report.steps) options.onStep?.(step);
      await remember(actor, report, found.row, false);
      return { report, receipt: await issueReceipt(actor, found.values, report) };
    }
    const { access, renewedRow } = await accessForTest({ ...found, orgId: actor.orgId });
    // What was renewed is tested as it is now.
    const { values, row, asStored } = renewedRow ? await valuesOf(actor, request) : found;
    const report = await tried(actor, values, access, defined(options));
    await remember(actor, report, row, asStored);
    return { report, receipt: await issueReceipt(actor, values, report) };
  });
}

/** Tries values, with the access that was got for it, which counts as the first step. */
async function tried(
  actor: Actor,
  { provider, type, data }: TestedValues,
  access: TestAccess,
  options: Pick<TestOptions, "onStep" | "signal">,
): Promise<TestReport> {
  if (access.step) options.onStep?.(access.step);
  if (access.problem) return failedBefore(access.step, access.problem);
  const definition = (await ownKind(actor.orgId, provider))?.kind;
  const asker = { orgId: actor.orgId, person: actor.id, definition, ...options };
  const report = await testConnection(provider, type, { ...data, ...access.data }, asker);
  if (!access.step) return report;
  const { step } = access;
  return { ...report, steps: [step, ...report.steps], durationMs: step.durationMs + report.durationMs };
}

const failedBefore = (step: TestStep, { outcome, code }: Problem): TestReport => ({
  outcome,
  reason: code,
  steps: [step],
  durationMs: step.durationMs,
  facts: {},
});

function stoppedBy(doubt: Doubt): TestReport {
  const problem = doubtfulValue(doubt);
  return failedBefore(cutStep("values", 0, problem), problem);
}

async function requireTestable({ orgId }: Actor, { provider, type, data }: TestedValues): Promise<void> {
  if (isTestable(await methodIn(orgId, provider, type, true), data)) return;
  throw new Refusal("invalid", "This kind of credential cannot be tested", {
    fields: [{ path: ["provider"], message: "Has no connection test", code: "untestable" }],
  });
}

/**
 * What signing in yields cannot be tested before it is there. Where the organisation saves only what was tested, it is
 * tested now, on its way to being stored: the receipt for that, or undefined where none is needed.
 */
export async function proofOfSignIn(actor: Actor, values: TestedValues): Promise<string | undefined> {
  const method = methodOfRow(values, values.type);
  if (!(await testIsRequired(actor.orgId)) || !isTestable(method, values.data)) return undefined;
  const { provider, type } = values;
  const data = await validateData({ provider, method, isEdit: true }, values.data, actor);
  const report = await testConnection(provider, type, data, { orgId: actor.orgId, person: actor.id });
  return issueReceipt(actor, { provider, type, data }, report);
}

const defined = ({
  onStep,
  signal,
}: {
  onStep?: ((step: TestStep) => void) | undefined;
  signal?: AbortSignal | undefined;
}) => ({
  ...(onStep && { onStep }),
  ...(signal && { signal }),
});

async function valuesOf(
  actor: Actor,
  request: TestRequest,
): Promise<{ values: TestedValues; entered: Doubt[]; row?: Row; asStored: boolean }> {
  if (!("id" in request)) {
    const { provider, type } = request;
    const method = await methodIn(actor.orgId, provider, type);
    const data = await validateData({ provider, method }, request.data, actor);
    return { values: { provider, type, data }, entered: doubtsAbout(method, data), asStored: false };
  }
  // Trying what is stored tells nobody what it is; trying something else with it is a part of editing.
  const needed = request.change || request.type ? (["edit"] as const) : (["use", "edit"] as const);
  const row = requireRight(actor, await credentialsOf(sightOf(actor)).find(request.id), ...needed);
  const stored = request.change ? openIfWhole(row, row.sealed) : openData(row, row.sealed);
  const type = request.type ?? row.type;
  const data = request.change ? await validateChange({ ...row, data: stored }, type, request.change, actor) : stored;
  if (!data) throw damaged();
  // Of what is stored already somebody has decided that it is what they mean.
  const entered = Object.entries(data).filter(([name, value]) => stored?.[name] !== value);
  return {
    values: { provider: row.provider, type, data },
    entered: doubtsAbout(await storedMethodIn(row, type), Object.fromEntries(entered)),
    row,
    asStored: !request.change && type === row.type,
  };
}

async function remember(actor: Actor, report: TestReport, row: Row | undefined, asStored: boolean): Promise<void> {
  const outcome = report.outcome === "ok" || report.outcome === "degraded" ? "done" : "failed";
  const entry = { action: "credential.tested", outcome, ...(report.reason && { reason: report.reason }) } as const;
  if (!row) return recordAlone(actor, entry);
  const at = clock.now();
  const version = asStored ? row.sealedVersion : null;
  const health = asStored
    ? { outcome: report.outcome, reason: report.reason ?? null, at, version: row.sealedVersion }
    : undefined;
  await writeWithEvent({
    actor,
    entry: { ...entry, target: { type: "credential", id: row.id, name: row.name }, version: row.version },
    write: testWrite(row.id, testRunOf(actor, version, { ...report, at }), health),
  });
}

const outcomeSchema = z.enum(outcomes);
const stepsSchema = z.array(stepSchema);

/** The last 20 tests of a credential, newest first. */
export async function credentialTests(actor: Actor, id: string): Promise<StoredTest[]> {
  await getCredential(actor, id);
  const rows = await inSight(sightOf(actor), (tx) =>
    tx.connectionTest.findMany({ where: { orgId: actor.orgId, credentialId: id }, orderBy: { at: "desc" }, take: 20 }),
  );
  return rows.map((row) => ({
    id: row.id,
    outcome: outcomeSchema.parse(row.outcome),
    reason: row.reason,
    steps: stepsSchema.parse(row.steps),
    testedVersion: row.testedVersion,
    durationMs: row.durationMs,
    actorName: row.actorName,
    at: row.at.toISOString(),
  }));
}
