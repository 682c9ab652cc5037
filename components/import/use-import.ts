"use client";

import { useRef, useState } from "react";
import { z } from "zod";
import { refusalIn } from "@/components/feed";
import { importLine, progressLine } from "@/components/feeds/import";
import { refusalBody } from "@/components/feeds/refusal";
import { jsonLines } from "@/components/json-lines";
import { useSessionGuard } from "@/components/session/session-guard";
import { unreachable } from "@/components/session/unreachable";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { ImportProgress, ImportReport } from "@/lib/vocabulary/import-report";

/** What is imported, as the form holds it. */
export interface ImportInput {
  source: string;
  file?: File | undefined;
  address?: string | undefined;
  key?: string | undefined;
  part?: string | undefined;
}

export type ImportRun =
  | { phase: "idle" }
  | { phase: "running"; dryRun: boolean; progress: ImportProgress | undefined }
  /** With what was read, so that an import takes the very thing that was previewed. */
  | { phase: "done"; report: ImportReport; input: ImportInput }
  | { phase: "refused"; error: PublicError };

/** Previews, then imports. */
export function useImport() {
  const [state, setState] = useState<ImportRun>({ phase: "idle" });
  const abort = useRef<AbortController>(undefined);
  const guard = useSessionGuard();

  const start = async (input: ImportInput, dryRun: boolean): Promise<ActionResult<ImportReport> | undefined> => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const result = await guard(() => {
      setState({ phase: "running", dryRun, progress: undefined });
      const onProgress = (progress: ImportProgress) =>
        setState((now) => (now.phase === "running" ? { ...now, progress } : now));
      return send(input, dryRun, onProgress, own.signal);
    });
    if (own.signal.aborted) return undefined;
    setState(result.ok ? { phase: "done", report: result.value, input } : { phase: "refused", error: result.error });
    return result;
  };
  /** What was previewed is no longer what the form holds. */
  const forget = () => {
    abort.current?.abort();
    setState({ phase: "idle" });
  };
  return { state, start, forget };
}

const line = z.union([z.object({ progress: progressLine }), z.object({ error: refusalBody }), importLine]);

async function send(
  input: ImportInput,
  dryRun: boolean,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ActionResult<ImportReport>> {
  const form = new FormData();
  form.set("source", input.source);
  form.set("dryRun", String(dryRun));
  for (const name of ["file", "address", "key", "part"] as const) {
    const value = input[name];
    if (value) form.set(name, value);
  }
  const answer = await fetch("/import/run", { method: "POST", body: form, signal });
  if (!answer.ok || !answer.body) return { ok: false, error: await refusalIn(answer) };
  for await (const told of jsonLines(line, answer.body)) {
    if ("progress" in told) onProgress(told.progress);
    else if ("error" in told) return { ok: false, error: told.error };
    else return { ok: true, value: told };
  }
  return { ok: false, error: unreachable };
}
