import "server-only";
import { clock } from "@/lib/platform/clock";
import { wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { runOperation, testSignIn } from "@/lib/providers/connections";
import type { CredentialData } from "@/lib/providers/define";
import type { TestReport } from "@/lib/providers/report";
import { credentialsOf, type Row } from "../repository";
import { damaged, openData, openIfWhole } from "../sealed-data";
import { openNew, type RotationRecord, rotationsOf } from "./repository";
import { storeNew } from "./store";
import { caveatOf, doneStep, stepOf, type Work } from "./work";

/**
 * The way of a rotation. At every moment the row says enough for somebody else to go on: "prepared" means that nothing was
 * sent; "changing" that the system may have the old secret or the new one, which is found out by signing in with both;
 * "waiting" that a person installs the new key; "cleaning" that the new one is stored and the old one not yet removed.
 */

/** Does the work; whatever breaks it, the right to go on is free for the next one at once. */
export async function guarded(work: Work, run: (work: Work) => Promise<void>): Promise<RotationRecord> {
  const mine = rotationsOf(work.actor.orgId);
  try {
    await run(work);
  } catch (error) {
    if (error instanceof Refusal && error.code === "damaged")
      await postpone(work, "does_not_open").catch(() => undefined);
    await mine.write(work.rotation.id, work.holder, { lease: null }).catch(() => undefined);
    throw error;
  }
  return (await mine.find(work.rotation.id)) ?? work.rotation;
}

/** From "prepared": tells the system of the new secret. */
export async function change(work: Work): Promise<void> {
  const { row, data: old } = await stored(work);
  if (!row) return abandon(work, "credential_changed");
  if (!old) throw damaged();
  const looked = await look(work, old);
  if (looked.failed) {
    work.show(stepOf("change", work.rotation.kind, looked.failed));
    return endUndone(work, looked.failed.reason);
  }
  await work.mark({ phase: "changing", keptBefore: looked.kept });
  const { report, mayHaveChanged } = await act(work, "change", old);
  work.show(stepOf("change", work.rotation.kind, report));
  if (report.outcome === "ok" || mayHaveChanged) return settle(work);
  if (report.outcome === "degraded" && work.rotation.kind === "key") return waitForPerson(work, report.reason);
  return endUndone(work, report.reason);
}

/**
 * How the other side keeps the old secret: written down before anything is sent, so that whoever undoes it sets the very
 * same. A key's line needs no such look, it is the same whoever writes it.
 */
async function look(work: Work, old: CredentialData): Promise<{ kept: string | null; failed?: TestReport }> {
  if (work.rotation.kind === "key") return { kept: null };
  const { report, found } = await act(work, "look", old);
  return report.outcome === "ok" ? { kept: found?.kept ?? null } : { kept: null, failed: report };
}

/** Goes on where somebody was cut off. */
export function resume(work: Work): Promise<void> {
  switch (work.rotation.phase) {
    case "prepared":
      return endUndone(work, "interrupted");
    case "changing":
      return settle(work);
    case "waiting":
      return verify(work);
    case "cleaning":
      return clean(work);
    default:
      return Promise.resolve();
  }
}

/** From "changing": which of the two works? The new one is stored, or the old one stays. */
async function settle(work: Work): Promise<void> {
  const { kind } = work.rotation;
  const { row, data: old } = await stored(work);
  if (!row) return abandon(work, "credential_changed");
  const data = openNew(work.rotation);
  const tried = await signIn(work, data);
  work.show(stepOf("verify", kind, tried, signsIn(tried)));
  if (signsIn(tried)) return store(work, data, tried);
  // The old one does not open: the new one may still be on the server, and is kept until it is known.
  if (!old) return postpone(work, isRejected(tried) ? "neither_works" : "unreachable");
  const before = await signIn(work, old);
  if (signsIn(before)) return undo(work, old, tried.reason);
  return postpone(work, isRejected(tried) && isRejected(before) ? "neither_works" : "unreachable");
}

/** From "waiting": has the person installed it? */
async function verify(work: Work): Promise<void> {
  const data = openNew(work.rotation);
  const tried = await signIn(work, data);
  work.show(stepOf("verify", work.rotation.kind, tried, signsIn(tried)));
  if (signsIn(tried)) return store(work, data, tried);
  return waitForPerson(work, "not_installed");
}

const waitForPerson = (work: Work, reason = "by_hand"): Promise<void> =>
  work.mark({ phase: "waiting", reason, lease: null, retryAt: null });

async function store(work: Work, data: CredentialData, report: TestReport): Promise<void> {
  const { rotation, holder, actor } = work;
  await work.keepRight();
  const before = rotation.steps;
  const step = doneStep("store", rotation.kind, "Sealed; everybody who fetches it gets the new one");
  const ending =
    rotation.kind === "key"
      ? ({ phase: "cleaning", reason: "old_key_left", failures: 0 } as const)
      : ({ phase: "done", reason: null, lease: null, retryAt: null, endedAt: clock.now() } as const);
  const steps = [...before.filter(({ id }) => id !== "store"), step];
  const written = await storeNew(actor, rotation, { data, report, holder, ending: { ...ending, steps } });
  if (written === "gone") return abandon(work, "credential_changed");
  if (written === "lost") return work.keepRight();
  work.rotation = { ...rotation, ...ending, sealed: null, keyId: null };
  work.show(step);
  if (rotation.kind === "key") await clean(work);
}

/** How often the old key's removal is tried anew when the server does not answer. */
const CLEANINGS = 5;

async function clean(work: Work): Promise<void> {
  const row = await credentialsOf(wholeOf(work.actor.orgId)).find(work.rotation.credentialId);
  // Somebody has put other values there since; what they sign in with is theirs to look after.
  if (!row || row.sealedVersion !== work.rotation.fromVersion + 1) return endDone(work, "old_key_left");
  const { report } = await act(work, "clean", openData(row, row.sealed));
  work.show(stepOf("remove_old", work.rotation.kind, report));
  if (report.outcome === "ok") return endDone(work, null);
  if (report.outcome !== "unreachable" || work.rotation.failures >= CLEANINGS) return endDone(work, "old_key_left");
  const failures = work.rotation.failures + 1;
  return work.mark({ failures, lease: null, retryAt: later(failures) });
}

/** What was undone without the other side being certainly as it was says so in the end, whatever began it. */
async function undo(work: Work, old: CredentialData, reason: string | undefined): Promise<void> {
  const { report, mayHaveChanged } = await act(work, "undo", old);
  work.show(stepOf("undo", work.rotation.kind, report));
  if (report.outcome === "ok") return endUndone(work, caveatOf(report)?.code ?? reason);
  if (mayHaveChanged || report.outcome === "unreachable") return postpone(work, "unreachable");
  // The old one has just signed in, and the server refuses for good to take anything back.
  return endUndone(work, "not_taken_back");
}

/** Known not to be as it was, or not known to be. */
const LEFT_CHANGED = new Set(["verifier_not_restored", "not_taken_back"]);

const endUndone = (work: Work, reason = "interrupted"): Promise<void> =>
  work.markWith(
    { action: "credential.rotation_undone", reason, ...(LEFT_CHANGED.has(reason) && { outcome: "failed" }) },
    { ...ended("undone"), reason },
  );

/** The credential is gone or has other values: nothing is left to rotate. */
const abandon = (work: Work, reason: string): Promise<void> =>
  work.markWith({ action: "credential.rotation_undone", outcome: "failed", reason }, { ...ended("abandoned"), reason });

const endDone = (work: Work, reason: string | null): Promise<void> => work.mark({ ...ended("done"), reason });

export const ended = (phase: "done" | "undone" | "abandoned") =>
  ({ phase, forget: true, lease: null, retryAt: null, endedAt: clock.now() }) as const;

/** Both secrets are kept until it is known which one the system has. */
async function postpone(work: Work, reason: string): Promise<void> {
  const failures = work.rotation.failures + 1;
  const change = { failures, reason, lease: null, retryAt: later(failures) } as const;
  if (failures > 1) return work.mark(change);
  return work.markWith({ action: "credential.rotated", outcome: "failed", reason }, change);
}

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const later = (failures: number) =>
  new Date(clock.now().getTime() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 20)));

/** The row that the rotation began from, unless it has other values or is gone; and its values, where they open. */
async function stored({ actor, rotation }: Work): Promise<{ row?: Row; data?: CredentialData | undefined }> {
  const row = await credentialsOf(wholeOf(actor.orgId)).find(rotation.credentialId);
  if (row?.sealedVersion !== rotation.fromVersion) return {};
  return { row, data: openIfWhole(row, row.sealed) };
}

async function act(work: Work, name: string, data: CredentialData) {
  await work.keepRight();
  const { provider, newPublic, oldPublic, keptBefore, sealed } = work.rotation;
  const extra = {
    ...(sealed && { data: JSON.stringify(openNew(work.rotation)) }),
    ...(newPublic && { new_public: newPublic }),
    ...(oldPublic && { old_public: oldPublic }),
    ...(keptBefore && { kept_before: keptBefore }),
  };
  return runOperation({ provider, act: name, data, extra });
}

async function signIn(work: Work, data: CredentialData): Promise<TestReport> {
  await work.keepRight();
  return testSignIn(work.rotation.provider, data);
}

const signsIn = (report: TestReport): boolean =>
  report.steps.some(({ id, status }) => id === "sign_in" && (status === "ok" || status === "warning"));

/** The system was reached and said no to the secret. */
const isRejected = (report: TestReport): boolean =>
  report.outcome === "failed" && report.steps.some(({ id, status }) => id === "sign_in" && status === "failed");
