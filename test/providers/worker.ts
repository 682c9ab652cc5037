import { type OutboundPolicy, readAllowList } from "@/lib/platform/net/policy";
import { type TestOptions, testConnection } from "@/lib/providers/connections";
import { type CredentialData, type CredentialType, parseData, secretNames } from "@/lib/providers/define";
import { findMethod } from "@/lib/providers/index";
import type { TestReport } from "@/lib/providers/report";
import { setWorkerPath } from "@/lib/providers/worker/child";
import { builtEntry } from "@/test/bundle";

/**
 * Lets this test file use the worker that production uses, which the run has built.
 * @returns where it is, and how to end the process that waits for a job
 */
export async function buildWorker(): Promise<{ path: string; forget: () => void }> {
  const path = builtEntry("worker");
  setWorkerPath(path);
  return { path, forget: () => setWorkerPath(undefined) };
}

/** A policy that lets tests reach servers on this machine. */
export const allowing = (...ports: number[]): OutboundPolicy => ({
  allow: readAllowList(ports.map((port) => `127.0.0.1/32:${port}`).join(",")),
  selfEndpoints: [],
});

/**
 * Judges values as a save would, then tests them; each test is an organisation of its own unless it names one. Whatever
 * the outcome, no report may hold a secret.
 */
export async function tryOut(
  provider: string,
  type: CredentialType,
  values: Record<string, unknown>,
  options: Partial<TestOptions> = {},
): Promise<TestReport> {
  const data = accepted(provider, type, values);
  const policy = options.policy ?? allowing(Number(values.port));
  const report = await testConnection(provider, type, data, { orgId: crypto.randomUUID(), ...options, policy });
  const text = JSON.stringify(report);
  for (const secret of secretsIn(provider, type, data)) {
    if (text.includes(secret)) throw new Error("The report holds a secret");
  }
  return report;
}

/** Secret values, and the lines of those that have several. */
function secretsIn(provider: string, type: CredentialType, data: CredentialData): string[] {
  const method = findMethod(provider, type);
  const values = (method ? secretNames(method) : []).flatMap((name) => String(data[name] ?? "").split("\n"));
  return values.filter((line) => line.length > 4 && !line.startsWith("-----"));
}

function accepted(provider: string, type: CredentialType, values: Record<string, unknown>): CredentialData {
  const method = findMethod(provider, type);
  const result = method && parseData(method, values);
  if (!result?.ok) throw new Error(`Not accepted: ${JSON.stringify(result?.problems)}`);
  return result.data;
}

/** "connect failed connection_refused", for comparing whole reports at a glance. */
export const walked = (report: TestReport): string[] =>
  report.steps.map(({ id, status, code }) => [id, status, code].filter(Boolean).join(" "));
