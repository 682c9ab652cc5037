import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { record } from "@/lib/platform/audit";
import { inSight, wholeOf } from "@/lib/platform/db";
import type { TestReport } from "@/lib/providers/report";
import type { AuditAction } from "@/lib/vocabulary/audit-event";
import type { RotationStep, RotationStepId } from "@/lib/vocabulary/credential-view";
import { busy, type RotationChange, type RotationRecord, rotationsOf } from "./repository";

/**
 * One holder's work on one rotation. Everything it finds out is written before it goes on, and only as long as nobody else
 * holds the right: work that was overtaken ends with a refusal instead of a second opinion.
 */
export class Work {
  constructor(
    readonly actor: Actor,
    public rotation: RotationRecord,
    readonly holder: string,
    private readonly onStep: (step: RotationStep) => void = () => undefined,
  ) {}

  /** Before anything that takes long. @throws Refusal "conflict" when the right is somebody else's by now */
  async keepRight(): Promise<void> {
    if (!(await rotationsOf(this.actor.orgId).take(this.rotation.id, this.holder))) throw busy();
  }

  /** @throws Refusal "conflict" as `keepRight` */
  async mark(change: RotationChange): Promise<void> {
    const written = await rotationsOf(this.actor.orgId).write(this.rotation.id, this.holder, {
      ...change,
      steps: this.rotation.steps,
    });
    if (!written) throw busy();
    this.rotation = { ...this.rotation, ...changed(change) };
  }

  /** The same together with the event that speaks of it. */
  async markWith(
    event: { action: AuditAction; outcome?: "failed"; reason: string },
    change: RotationChange,
  ): Promise<void> {
    const { orgId, id, credentialId } = this.rotation;
    await inSight(wholeOf(orgId), async (tx) => {
      const steps = this.rotation.steps;
      // The chain is locked before any row, as everywhere.
      await record(tx, this.actor, { ...event, target: { type: "credential", id: credentialId } });
      if (!(await rotationsOf(orgId).write(id, this.holder, { ...change, steps }, tx))) throw busy();
    });
    this.rotation = { ...this.rotation, ...changed(change) };
  }

  /** Shows a step. One that is done again stands in the place of what came of it before. */
  show(step: RotationStep): void {
    this.rotation.steps = [...this.rotation.steps.filter(({ id }) => id !== step.id), step];
    try {
      this.onStep(step);
    } catch {
      // Whoever watched has gone away.
    }
  }
}

const changed = ({ forget, lease, ...rest }: RotationChange): Partial<RotationRecord> => ({
  ...rest,
  ...(forget && { sealed: null, keyId: null }),
  ...(lease === null && { lease: null, leaseUntil: null }),
});

const LABELS: Record<RotationStepId, Record<RotationRecord["kind"], string>> = {
  make: { password: "Make a new password", key: "Make a new key" },
  change: { password: "Set it on the server", key: "Add its public half on the server" },
  verify: { password: "Sign in with the new password", key: "Sign in with the new key" },
  undo: { password: "Take it back", key: "Take it back" },
  store: { password: "Store it", key: "Store it" },
  remove_old: { password: "Remove the old one", key: "Remove the old key on the server" },
};

/** A step that did what it should. */
export const doneStep = (
  id: RotationStepId,
  kind: RotationRecord["kind"],
  detail: string,
  durationMs = 0,
): RotationStep => ({
  id,
  label: LABELS[id][kind],
  status: "ok",
  durationMs,
  detail,
});

/** A step as the report of the job behind it says. */
export function stepOf(
  id: RotationStepId,
  kind: RotationRecord["kind"],
  report: TestReport,
  passed = report.outcome === "ok",
): RotationStep {
  const decided = report.steps.find(
    ({ code, status }) => code !== undefined && code === report.reason && status !== "skipped",
  );
  const last = report.steps.filter(({ status }) => status === "ok").at(-1);
  const caveat = passed ? caveatOf(report) : undefined;
  if (passed)
    return {
      ...doneStep(id, kind, caveat?.detail ?? last?.detail ?? "", Math.round(report.durationMs)),
      ...(caveat && { status: "warning", ...caveat }),
    };
  return {
    id,
    label: LABELS[id][kind],
    status: report.outcome === "degraded" ? "warning" : "failed",
    durationMs: Math.round(report.durationMs),
    ...(decided && { detail: `At: ${decided.label}` }),
    ...(decided?.code && { code: decided.code }),
    ...(decided?.meaning && { meaning: decided.meaning }),
    ...(decided?.advice && { advice: decided.advice }),
  };
}

/** What a change at the other side that went through left to look at. A test's report has no such step. */
export function caveatOf({ outcome, steps }: TestReport) {
  const change = steps.find(({ id, status }) => id === "change" && status === "warning");
  if (outcome !== "ok" || !change?.code) return undefined;
  const { code, meaning = "", advice = "", detail = "" } = change;
  return { code, meaning, advice, detail };
}
