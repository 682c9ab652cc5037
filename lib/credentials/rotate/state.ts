import "server-only";
import { clock } from "@/lib/platform/clock";
import type { RotationState, RotationView } from "@/lib/vocabulary/credential-view";
import type { RotationRecord } from "./repository";

/** A rotation without its secret, for people and programs. */
export function view(rotation: RotationRecord): RotationView {
  return {
    id: rotation.id,
    credentialId: rotation.credentialId,
    kind: rotation.kind,
    state: stateOf(rotation),
    reason: rotation.reason,
    steps: rotation.steps,
    newPublicKey: rotation.newPublic,
    oldPublicKey: rotation.oldPublic,
    startedBy: rotation.startedBy,
    startedAt: rotation.startedAt.toISOString(),
    endedAt: rotation.endedAt?.toISOString() ?? null,
  };
}

function stateOf({ phase, endedAt, lease, leaseUntil }: RotationRecord): RotationState {
  if (phase === "done" || phase === "undone" || phase === "abandoned") return phase;
  if (endedAt === null && lease !== null && leaseUntil !== null && leaseUntil > clock.now()) return "running";
  if (phase === "waiting") return "waiting";
  // The new key is stored and works; only the old one is still there.
  return phase === "cleaning" ? "done" : "unsettled";
}
