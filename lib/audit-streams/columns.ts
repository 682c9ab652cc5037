import "server-only";
import { z } from "zod";
import type { AuditStream, Prisma } from "@/lib/generated/prisma/client";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { backlogBounds } from "@/lib/vocabulary/audit-stream";
import { openSettings, sealSettings } from "./sealed-settings";
import { publicSettings, type SinkSettings, sinkSettings, withKeptSecrets } from "./sinks/index";

const choices = z.object({
  name: z.string().trim().min(1).max(100),
  backlogLimit: z.int().min(backlogBounds.least).max(backlogBounds.most),
});

interface Choices {
  name?: string | undefined;
  backlogLimit?: number | undefined;
  refuseFetchesWhenFull?: boolean | undefined;
}

/**
 * What a stream has with these settings changed. Where the stored ones do not open any more, these must be whole.
 * @throws Refusal "invalid" naming the fields; "damaged"
 */
export function settingsFor(row: AuditStream, settings: Record<string, unknown>): SinkSettings {
  try {
    return withKeptSecrets(settings, openSettings(row));
  } catch (error) {
    const whole = sinkSettings.safeParse(settings);
    if (error instanceof Refusal && error.code === "damaged" && whole.success) return whole.data;
    throw error;
  }
}

/** What of a row becomes another, and the names of that: never a value. @throws Refusal "invalid" */
export function columnsOf(row: AuditStream, change: Choices, settings: SinkSettings | undefined) {
  const fields: string[] = [];
  const { name, backlogLimit } = judged({
    name: change.name ?? row.name,
    backlogLimit: change.backlogLimit ?? row.backlogLimit,
  });
  const refuseFetchesWhenFull = change.refuseFetchesWhenFull ?? row.refuseFetchesWhenFull;
  if (name !== row.name) fields.push("name");
  if (backlogLimit !== row.backlogLimit) fields.push("backlog_limit");
  if (refuseFetchesWhenFull !== row.refuseFetchesWhenFull) fields.push("refuse_fetches_when_full");
  const data = { name, backlogLimit, refuseFetchesWhenFull };
  const changed = settings ? changedSettings(settings, row) : [];
  if (!settings || changed.length === 0) return { fields, data };
  const address = { orgId: row.orgId, id: row.id, kind: settings.kind, sealedVersion: row.sealedVersion + 1 };
  const anew = { failures: 0, lastError: null, nextAttemptAt: new Date(0) };
  const stored = { kind: settings.kind, sealedVersion: address.sealedVersion, ...sealSettings(address, settings) };
  return { fields: [...fields, ...changed], data: { ...data, ...stored, settings: shownOf(settings), ...anew } };
}

/** Names of what is another, secrets included. */
function changedSettings(settings: SinkSettings, row: AuditStream): string[] {
  const before = openedOrNothing(row);
  const after: Record<string, unknown> = { ...settings };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `settings.${name}`);
}

function openedOrNothing(row: AuditStream): Record<string, unknown> {
  try {
    return { ...openSettings(row) };
  } catch {
    return {};
  }
}

/** What of settings stands in clear. */
export const shownOf = (settings: SinkSettings): Prisma.InputJsonObject =>
  publicSettings(settings) as Prisma.InputJsonObject;

/** @throws Refusal "invalid" */
export function judged(wanted: { name: string; backlogLimit: number }) {
  const parsed = choices.safeParse(wanted);
  if (parsed.success) return parsed.data;
  throw parsed.error.issues.some(({ path }) => path[0] === "name")
    ? invalidField("name", "Must have 1 to 100 characters")
    : invalidField("backlog_limit", `Must be a whole number from ${backlogBounds.least} to ${backlogBounds.most}`);
}
