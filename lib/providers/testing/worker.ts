import { type OutboundPolicy, readAllowList } from "@/lib/net/policy";
import { bundle } from "@/lib/testing/bundle";
import { type TestOptions, testConnection } from "../connections";
import { type CredentialData, type CredentialType, parseData, secretNames } from "../define";
import { findMethod } from "../index";
import type { TestReport } from "../report";
import { setWorkerPath } from "../worker/child";

/**
 * Bundles the worker as production does and lets this test file use it.
 * @returns where it is, and how to forget it again
 */
export async function buildWorker(): Promise<{ path: string; forget: () => void }> {
  const { path, remove } = await bundle("lib/providers/worker/entry.ts");
  setWorkerPath(path);
  const forget = () => {
    setWorkerPath(undefined);
    remove();
  };
  return { path, forget };
}

/** A policy that lets tests reach servers on this machine. */
export const allowing = (...ports: number[]): OutboundPolicy => ({
  allow: readAllowList(ports.map((port) => `127.0.0.1/32:${port}`).join(",")),
  own: [],
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
