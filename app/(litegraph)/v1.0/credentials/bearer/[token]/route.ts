import { litegraph } from "@/lib/api/http/litegraph";
import { credentialByToken } from "@/lib/api/wire/litegraph/operations/credentials";
import { credential } from "@/lib/api/wire/litegraph/present";
import { can } from "@/lib/authorization/authorize";
import { readToken, tokenBySecret } from "@/lib/identity/tokens";
import { administratorOf } from "@/lib/organizations";

/** The token stands in the address, as the contract has it; our own log holds the route's pattern only. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialByToken, {
  GET: async (call) => {
    await administratorOf(call.actor, call.actor.orgId);
    const place = await tokenBySecret(call.actor, call.params.token ?? "", can(call.actor, "platform:manage"));
    const actor = await administratorOf(call.actor, place.orgId);
    return { status: 200 as const, body: credential(await readToken(actor, place.id), actor.orgId) };
  },
});
