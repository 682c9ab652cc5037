import type { Limits } from "../budget";
import type { OutsideRequest } from "../guarded-fetch";
import type { OutboundPolicy } from "../policy";
import type { UnreachableReason } from "../unreachable";

/** What the process that holds the keys and the one that asks outside tell each other. */

export interface Errand {
  request: OutsideRequest;
  policy: OutboundPolicy;
  limits: Limits;
}

export type Return =
  /** The errand has arrived; until then nothing of it was sent anywhere. */
  | { kind: "begun" }
  | { kind: "answered"; status: number; headers: [string, string][] /** In base64. */; body: string }
  | { kind: "failed"; reason: UnreachableReason };
