import { credentialIdOf } from "@/lib/credentials";
import type { Call } from "@/lib/http/route";
import { Refusal } from "@/lib/refusal";

interface Purpose {
  /** What its clients know the work by. */
  service: string;
  to: "update" | "delete";
}

/**
 * The credential of an id as this dialect's clients write it. Values are for those who may change them.
 * @throws Refusal "forbidden"; "not_found" in the words they know
 */
export async function idOf(actor: Call["actor"], given: string | undefined, { service, to }: Purpose): Promise<string> {
  try {
    return await credentialIdOf(actor, given ?? "", `credential:${to}`);
  } catch (error) {
    if (!(error instanceof Refusal && error.code === "not_found")) throw error;
    throw new Refusal("not_found", `Error: credentialsService.${service} - Credential ${given} not found`);
  }
}

/** If-Match with the weak validator that this door hands out for one credential. */
export function versionIn(headers: Headers): number | undefined {
  const sent = headers.get("if-match")?.trim();
  if (!sent || sent === "*") return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(sent)?.[1];
  if (version) return Number(version);
  throw new Refusal("version_mismatch", "If-Match does not name a version of this credential");
}

export const versionTag = (view: { version: number }) => ({ ETag: `W/"${view.version}"` });
