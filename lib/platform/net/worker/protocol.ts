import type { Limits } from "../budget";
import type { OutsideRequest } from "../guarded-fetch";
import type { OutsideText } from "../guarded-send";
import type { OutboundPolicy } from "../policy";
import type { UnreachableReason } from "../unreachable";

/** What the process that holds the keys and the one that asks outside tell each other. */

/** A request that is answered, or a text that is taken. */
export type Task = { request: OutsideRequest } | { send: OutsideText };

export type Errand = Task & { policy: OutboundPolicy; limits: Limits };

export type Return =
  /** The errand has arrived; until then nothing of it was sent anywhere. */
  | { kind: "begun" }
  | { kind: "answered"; status: number; headers: [string, string][] /** In base64. */; body: string }
  /** The text, all of it. */
  | { kind: "taken" }
  | { kind: "failed"; reason: UnreachableReason };
