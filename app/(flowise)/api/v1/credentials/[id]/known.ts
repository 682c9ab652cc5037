import type { Call } from "@/lib/api/http/call";
import { credentialIdOf } from "@/lib/credentials";
import { entityTag } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";

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

/**
 * The validator of one credential. Strong, although Flowise's are weak: a weak one never matches in If-Match (RFC 9110, section
 * 13.1.1), and this one is there to be sent back in it.
 */
export const versionTag = (view: { version: number; updatedAt: string }) => ({
  ETag: entityTag(view, Date.parse(view.updatedAt)),
});
