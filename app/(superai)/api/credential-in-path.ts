import type { Call } from "@/lib/api/http/call";
import { idInPath, unknownCredential } from "@/lib/api/wire/superai/read";
import { credentialIdOf } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/**
 * The credential that a path names: by its own id, or by the one that it brought along from another system, such as
 * `n8n:abc`. So an id that one door gives is taken by the others.
 * @throws Refusal "invalid" for what is neither, whether it is not there or another organisation's
 */
export async function credentialInPath(actor: Call["actor"], segment: string | undefined): Promise<string> {
  if (segment === undefined || isUuid(segment)) return idInPath(segment, "credential");
  return (await idOf(actor, segment)) ?? idInPath(segment, "credential");
}

/** The same for the parameter `credential_id`. @throws Refusal "invalid" naming the parameter */
export async function credentialInQuery(actor: Call["actor"], given: string): Promise<string> {
  if (isUuid(given)) return given.toLowerCase();
  const id = await idOf(actor, given);
  if (id === undefined) throw unknownCredential();
  return id;
}

/** The same for the field `credential_id` of a body. @throws Refusal "not_found", also for what is no id at all */
export const credentialInBody = async (actor: Call["actor"], given: string): Promise<string> =>
  isUuid(given) ? given.toLowerCase() : credentialIdOf(actor, given);

const idOf = (actor: Call["actor"], given: string): Promise<string | undefined> =>
  credentialIdOf(actor, given).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "not_found") return undefined;
    throw error;
  });
