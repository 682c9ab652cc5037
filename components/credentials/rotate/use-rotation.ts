"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { refusalIn } from "@/components/feed";
import { refusalBody } from "@/components/feeds/refusal";
import { rotationFeed, rotationStepLine } from "@/components/feeds/rotation";
import { jsonLines } from "@/components/json-lines";
import { useSessionGuard } from "@/components/session/session-guard";
import { unreachable } from "@/components/session/unreachable";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { RotationStep, RotationView } from "@/lib/vocabulary/credential-view";
import { rotationOptions } from "../queries";
import { keys } from "../query-keys";

export type RotationRun =
  | { phase: "idle" }
  | { phase: "running"; steps: RotationStep[]; since: number }
  | { phase: "refused"; error: PublicError };

/** Begins a rotation or goes on with the open one, and shows each step as it ends. It goes on if nobody watches. */
export function useRotation(id: string) {
  const [run, setRun] = useState<RotationRun>({ phase: "idle" });
  const queries = useQueryClient();
  const guard = useSessionGuard();
  const start = async (expectedVersion: number) => {
    const result = await guard(() => {
      setRun({ phase: "running", steps: [], since: Date.now() });
      const onStep = (step: RotationStep) =>
        setRun((now) => (now.phase === "running" ? { ...now, steps: [...now.steps, step] } : now));
      return rotate({ id, expectedVersion }, onStep);
    });
    if (result.ok) queries.setQueryData(rotationOptions(id).queryKey, result.value);
    setRun(result.ok ? { phase: "idle" } : { phase: "refused", error: result.error });
    await queries.invalidateQueries({ queryKey: keys.all });
  };
  return { run, start, forget: () => setRun({ phase: "idle" }) };
}

/** @param onStep told each step as it ends */
export async function rotate(
  input: { id: string; expectedVersion?: number },
  onStep: (step: RotationStep) => void,
): Promise<ActionResult<RotationView>> {
  const answer = await fetch("/credentials/rotate", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  if (!answer.ok || !answer.body) return { ok: false, error: await refusalIn(answer) };
  for await (const told of jsonLines(line, answer.body)) {
    if ("step" in told) onStep(told.step);
    else if ("error" in told) return { ok: false, error: told.error };
    else return { ok: true, value: told.rotation };
  }
  return { ok: false, error: unreachable };
}

const line = z.union([
  z.object({ step: rotationStepLine }),
  z.object({ error: refusalBody }),
  z.object({ rotation: rotationFeed }),
]);
