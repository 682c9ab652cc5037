import "server-only";
import type { AnswerOf, Operation } from "@/lib/api/wire/operation";
import type { AnswerHeaders } from "./plain-answer";

/** What a handler answers, before it is written. */
export interface Answer {
  status: number;
  /** Sent as JSON. Absent, with `text`, for an empty body. */
  body?: unknown;
  /** Sent as it is, in place of `body`; its Content-Type is among the headers. */
  text?: string;
  /** Sent as it comes, in place of both: a body that is never held whole. */
  stream?: AsyncIterable<string>;
  headers?: AnswerHeaders;
}

/** What answers an operation: one of the statuses that it declares, with the body that goes with it. */
export type AnswerBody<O extends Operation> = AnswerOf<O> & Omit<Answer, "status" | "body">;
