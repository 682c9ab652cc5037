import type { CredentialView, RotationView } from "@/lib/credentials";
import { step } from "./present";
import { managedBody, type Rotation } from "./schemas/rotation";
import { shaped } from "./shape";

/** Rotations and managed databases, our additions to this dialect. */
export function managedDatabase(body: Record<string, unknown>): { name?: string } {
  const { name } = shaped(managedBody, body);
  return name ? { name } : {};
}

/** Where a rotation stands. A rotation that ended without a new secret is an answer, not an error. */
export const rotation = (view: RotationView, credential: CredentialView): Rotation => ({
  success: view.state === "done",
  state: view.state,
  reason: view.reason,
  message: MESSAGES[view.state],
  credential_id: view.credentialId,
  version: credential.version,
  kind: view.kind,
  steps: view.steps.map(step),
  new_public_key: view.newPublicKey,
  old_public_key: view.oldPublicKey,
  started_by: view.startedBy,
  started_at: view.startedAt,
  ended_at: view.endedAt,
});

const MESSAGES: Record<RotationView["state"], string> = {
  running: "The rotation is under way.",
  waiting:
    "The server does not let its users change their keys: install new_public_key, then ask for the rotation again, which verifies it. The stored key stays until then.",
  unsettled:
    "It is not known yet which secret the server has. Both are kept, and it is looked into again by itself and when the rotation is asked for again.",
  done: "The new secret is stored and works.",
  undone: "Nothing was changed, or it was taken back: the old secret stays.",
  abandoned: "The rotation was given up. Look at the credential and test it.",
};
