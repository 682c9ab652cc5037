import "server-only";
import type { Refusal } from "@/lib/platform/refusal";
import type { Problem } from "@/lib/providers/test-run";
import { refuseInput } from "../refuse-input";

/** Of every kind of database that Flowise keeps its tables in. */
export const MAY_NOT_READ: Problem = {
  code: "permission_denied",
  meaning: "The sign-in is right, but the user may not read Flowise's tables.",
  advice: "Grant it on the server: GRANT SELECT ON credential, workspace TO ….",
  field: "database",
  outcome: "failed",
};

export const unreadable = ({ code, meaning, advice }: Pick<Problem, "code" | "meaning" | "advice">): Refusal =>
  refuseInput("The database cannot be read", "address", [meaning, advice].filter(Boolean).join(" "), code);
