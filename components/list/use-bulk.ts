"use client";

import { useEffect, useRef, useState } from "react";

export interface Bulk<Result> {
  phase: "idle" | "running" | "stopped" | "done";
  /** By the id of what it was done to. */
  results: ReadonlyMap<string, Result | "running">;
}

interface How<Result> {
  work: (id: string, signal: AbortSignal) => Promise<Result>;
  atOnce: number;
  /** What is under way when somebody stops it ends all the same, and its result is told. */
  endsBegun?: boolean;
}

/** Does one thing to many, a few at a time, until all are done, somebody stops it, or the page is left. */
export function useBulk<Result>({ work, atOnce, endsBegun = false }: How<Result>) {
  const [state, setState] = useState<Bulk<Result>>({ phase: "idle", results: new Map() });
  const abort = useRef<AbortController>(undefined);
  const halt = useRef(false);
  useEffect(() => () => abort.current?.abort(), []);

  /** @param kept what an earlier run said of the others */
  const start = async (ids: string[], kept: Bulk<Result>["results"] = new Map()) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    halt.current = false;
    setState({ phase: "running", results: kept });
    const note = (id: string, result: Result | "running") => {
      if (own.signal.aborted) return;
      setState((now) => ({ ...now, results: new Map(now.results).set(id, result) }));
    };
    const rest = ids.values();
    const worker = async () => {
      for (const id of rest) {
        if (own.signal.aborted || halt.current) return;
        note(id, "running");
        note(id, await work(id, own.signal));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    if (!own.signal.aborted && !halt.current) setState((now) => ({ ...now, phase: "done" }));
  };

  const stop = () => {
    if (endsBegun) {
      halt.current = true;
      return setState((now) => ({ ...now, phase: "stopped" }));
    }
    abort.current?.abort();
    setState(({ results }) => ({
      phase: "stopped",
      results: new Map([...results].filter(([, result]) => result !== "running")),
    }));
  };
  return { state, start, stop };
}
