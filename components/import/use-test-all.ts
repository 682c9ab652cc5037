"use client";

import { useEffect, useRef, useState } from "react";
import { runTest } from "@/components/credentials/test/use-connection-test";
import { useSessionGuard } from "@/components/session/session-guard";
import type { PublicError } from "@/lib/api/http/public-error";
import type { Outcome } from "@/lib/providers/report";

export type TestedRow = { outcome: Outcome; reason: string | null } | { error: PublicError } | "running";

export type TestAll = { phase: "idle" | "running" | "stopped" | "done"; results: ReadonlyMap<string, TestedRow> };

/** At once; a person has a few places more, so that a test of something else finds one. */
const AT_ONCE = 2;
/** How often one test is tried again that found no place. */
const TRIES = 5;

/** Tests stored credentials, a few at a time, until all are done, somebody stops it, or the page is left. */
export function useTestAll() {
  const [state, setState] = useState<TestAll>({ phase: "idle", results: new Map() });
  const abort = useRef<AbortController>(undefined);
  const guard = useSessionGuard();
  useEffect(() => () => abort.current?.abort(), []);

  const start = async (ids: string[]) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    setState({ phase: "running", results: new Map() });
    const note = (id: string, result: TestedRow) => {
      if (own.signal.aborted) return;
      setState((now) => ({ ...now, results: new Map(now.results).set(id, result) }));
    };
    const rest = ids.values();
    const work = async () => {
      for (const id of rest) {
        if (own.signal.aborted) return;
        note(id, "running");
        note(id, await resultOf(id, own.signal));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (!own.signal.aborted) setState((now) => ({ ...now, phase: "done" }));
  };

  async function resultOf(id: string, signal: AbortSignal): Promise<TestedRow> {
    for (let tries = 1; ; tries++) {
      const result = await guard(() => runTest({ id }, () => undefined, signal));
      if (result.ok) return { outcome: result.value.report.outcome, reason: result.value.report.reason ?? null };
      const waitS = tries < TRIES && !signal.aborted ? result.error.retryAfterSeconds : undefined;
      if (waitS === undefined) return { error: result.error };
      await new Promise((resolve) => setTimeout(resolve, waitS * 1_000));
    }
  }

  const stop = () => {
    abort.current?.abort();
    setState(({ results }) => ({
      phase: "stopped",
      results: new Map([...results].filter(([, result]) => result !== "running")),
    }));
  };
  return { state, start, stop };
}
