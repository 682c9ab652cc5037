import type { FieldProblem, RefusalCode } from "@/lib/platform/refusal";
import type { Network } from "@/lib/providers/define-connection";
import type { SourceInput, SourceRow } from "../define";

/** What the server process and the reader tell each other. Secrets travel over this channel only. */
export interface ReadJob extends Omit<SourceInput, "network"> {
  source: string;
  /** All that the reader knows of this installation; its environment is empty. */
  network: Omit<Network, "lookup">;
}

export type ReadAnswer =
  | { kind: "rows"; rows: SourceRow[] }
  | { kind: "refused"; code: RefusalCode; message: string; fields: FieldProblem[] };
