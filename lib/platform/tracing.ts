/**
 * Where work says what it is a part of, for whoever follows a request through the program. Unless tracing is on nobody does, and
 * saying so costs a look at one variable.
 */
export type SpanKind = "door" | "core" | "journal" | "statement" | "transaction" | "outbound";

/**
 * What a span may hold. The list is closed, as that of the log is: names out of closed sets and numbers, never a value, a path, a
 * query or a message.
 */
export interface SpanFields {
  door?: string;
  method?: string;
  /** The route's pattern. */
  route?: string;
  status?: number;
  /** What is done with a credential, as the audit log names it. */
  action?: string;
  /** A statement's name; its text and its values stay here. */
  statement?: string;
  /** A child process's work. */
  worker?: string;
  /** A refusal's code, or an error's class and code. */
  code?: string;
  actorKind?: string;
}

/** Adds to a span what is known only later. */
export type Note = (more: SpanFields) => void;

export interface Tracer {
  /**
   * Does work as a part of what is under way.
   * @param parent the caller's `traceparent` (W3C Trace Context), where there is one
   */
  span<T>(kind: SpanKind, fields: SpanFields, work: (note: Note) => Promise<T>, parent?: string | null): Promise<T>;
  /** Keeps hold of what is under way, for work that is done for it later. */
  hold(): <T>(work: () => T) => T;
}

// Next loads this module once per layer: all of them are followed by one.
const holder = globalThis as typeof globalThis & { latchkeyTracer?: Tracer | undefined };

/** Who follows, if anybody does. */
export const tracer = (): Tracer | undefined => holder.latchkeyTracer;

/** Says who follows from now on. */
export function followWith(one: Tracer | undefined): void {
  holder.latchkeyTracer = one;
}

/** Does work, as a part of what is under way where somebody follows. */
export const traced = <T>(kind: SpanKind, fields: SpanFields, work: () => Promise<T>): Promise<T> =>
  tracer()?.span(kind, fields, work) ?? work();
