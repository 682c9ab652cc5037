import type { Call } from "@/lib/api/http/call";
import { instanceQuery } from "@/lib/api/wire/superai/plugin-instances";
import type { InstanceQuery } from "@/lib/plugin-instances";
import { credentialInQuery } from "../credential-in-path";

/** What the register of uses is asked for; the credential by its own id or by the one that it brought along. */
export async function usesAsked({ actor, query }: Call): Promise<InstanceQuery> {
  const { credentialId, ...asked } = instanceQuery(query);
  return credentialId === undefined ? asked : { ...asked, credentialId: await credentialInQuery(actor, credentialId) };
}
