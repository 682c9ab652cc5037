import "server-only";
import { statement } from "@/lib/platform/db";

/** How the streams of all organisations stand together, those that are paused aside. */
export interface StreamsState {
  streams: number;
  failing: number;
  full: number;
  /** Events that wait: of the stream that is furthest behind, and of all. */
  lagMax: number;
  lagSum: number;
}

export async function streamsState(): Promise<StreamsState> {
  const [row] = await statement<Record<"streams" | "failing" | "full_ones" | "lag_max" | "lag_sum", string>>(
    "audit_streams_state",
    "SELECT * FROM audit_streams_state()",
    [],
  );
  const of = (value: string | undefined) => Number(value ?? 0);
  return {
    streams: of(row?.streams),
    failing: of(row?.failing),
    full: of(row?.full_ones),
    lagMax: of(row?.lag_max),
    lagSum: of(row?.lag_sum),
  };
}
