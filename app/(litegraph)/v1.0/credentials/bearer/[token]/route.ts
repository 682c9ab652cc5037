import { may } from "@/lib/access/authorize";
import { litegraph } from "@/lib/http/litegraph";
import { administratorOf } from "@/lib/people";
import { readToken, tokenBySecret } from "@/lib/tokens";
import { credentialByToken } from "@/lib/wire/litegraph/operations/credentials";
import { credential } from "@/lib/wire/litegraph/present";

/** The token stands in the address, as the contract has it; our own log holds the route's pattern only. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialByToken, {
  GET: async (call) => {
    await administratorOf(call.actor, call.actor.orgId);
    const place = await tokenBySecret(call.actor, call.params.token ?? "", may(call.actor, "platform:manage"));
    const actor = await administratorOf(call.actor, place.orgId);
    return { status: 200 as const, body: credential(await readToken(actor, place.id), actor.orgId) };
  },
});
