import type { Action } from "@/components/session/action";
import type { StreamTest, StreamView } from "@/lib/audit-streams";

/** Of a receiver, as they are typed: an empty secret of a known one stays as it is. */
export type TypedSettings = Record<string, string | number | null>;

export interface TypedStream {
  name: string;
  settings: TypedSettings;
  backlogLimit: number;
  refuseFetchesWhenFull: boolean;
  /** Stored although its receiver does not take a test batch. */
  force: boolean;
}

/** The writes that the page hands to the components. */
export interface StreamActions {
  add: Action<TypedStream & { from: "now" | "beginning" }, StreamView>;
  change: Action<Partial<TypedStream> & { id: string; expectedVersion: number }, StreamView>;
  tryOut: Action<{ id: string }, StreamTest>;
  pause: Action<{ id: string }, StreamView>;
  resume: Action<{ id: string }, StreamView>;
  remove: Action<{ id: string }, void>;
}
