import type { Unreachable } from "@/lib/platform/net/unreachable";

/**
 * One stretch of an organisation's audit log on its way to a receiver outside: so many events in the order of their chain,
 * each one line of JSON, and behind them the seal, which says what the batch holds and where in the chain it belongs.
 */
export interface Batch {
  orgId: string;
  streamId: string;
  /** The same for the same stretch of the same stream, however often it is sent: a receiver may drop what it has. */
  id: string;
  /** The first and the last event's number. */
  from: bigint;
  to: bigint;
  /** When the last event happened. */
  at: Date;
  /** One JSON object for each event, without line breaks, in order. */
  events: readonly BatchLine[];
  /** The seal, one JSON object without line breaks. */
  seal: string;
}

export interface BatchLine {
  seq: bigint;
  at: Date;
  /** What was done, like `credential.fetched`; its outcome. For receivers that want more than a line. */
  action: string;
  outcome: string;
  json: string;
}

/**
 * What became of a batch. "done": the receiver said that it has it. "refused": it said no, and why in a fixed word.
 * "unknown": nothing was heard; it may have it. Whatever is not done is sent again.
 */
export type Delivery =
  | { outcome: "done" }
  | { outcome: "refused"; reason: "not_allowed" | "not_found" | "too_large" | "rejected" | "try_later" }
  | { outcome: "unknown"; reason: Unreachable["reason"] };
