"use client";

import { statusLabel } from "@/components/credentials/rotate/rotation-status";
import { rotate } from "@/components/credentials/rotate/use-rotation";
import { useSessionGuard } from "@/components/session/session-guard";
import type { Subject } from "@/lib/access";
import type { ActionResult } from "@/lib/api/http/public-error";
import type { RotationState } from "@/lib/vocabulary/credential-view";
import type { ExposedActions } from "./exposed-actions";

export type Act = "disable" | "rotate" | "take_away";

/** What became of one credential. */
export interface ActResult {
  tone: "good" | "info" | "bad";
  words: string;
}

const NOTHING: ActResult = { tone: "info", words: "Nothing to take away: no grant of its own reaches it" };

/** What waits for a person or for the server is neither done nor failed. */
const rotationTones: Record<RotationState, ActResult["tone"]> = {
  done: "good",
  running: "info",
  waiting: "info",
  unsettled: "info",
  undone: "bad",
  abandoned: "bad",
};

/** How each act is done to one credential. */
export function useActs({ update, takeAwayOver }: Pick<ExposedActions, "update" | "takeAwayOver">, subject?: Subject) {
  const guard = useSessionGuard();
  const told = async <Value>(ask: () => Promise<ActionResult<Value>>, say: (value: Value) => ActResult) => {
    const result = await guard(ask);
    return result.ok ? say(result.value) : { tone: "bad" as const, words: result.error.message };
  };
  const acts: Record<Act, (id: string) => Promise<ActResult>> = {
    disable: (id) =>
      told(
        () => update({ id, change: { active: false } }),
        () => ({ tone: "good", words: "Disabled" }),
      ),
    rotate: (id) =>
      told(
        () => rotate({ id }, () => undefined),
        (rotation) => ({ tone: rotationTones[rotation.state], words: statusLabel(rotation).title }),
      ),
    take_away: async (id) =>
      subject === undefined
        ? NOTHING
        : told(
            () => takeAwayOver({ credentialId: id, subject }),
            (taken) => (taken > 0 ? { tone: "good", words: "Access taken away" } : NOTHING),
          ),
  };
  return acts;
}
