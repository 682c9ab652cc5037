import { flowise } from "@/lib/api/http/flowise";
import { flowiseSession, sessionCookie } from "@/lib/api/http/flowise-session";
import { refreshSession } from "@/lib/api/wire/flowise/operations/session";
import { person } from "@/lib/api/wire/flowise/present";
import { Refusal } from "@/lib/platform/refusal";

/** Who the session is of, while it is alive, and its cookie anew. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(refreshSession, {
  POST: async ({ headers }) => {
    const session = await flowiseSession(headers);
    if (!session) throw new Refusal("unauthenticated", "Invalid or missing token", { details: { session: true } });
    const { actor, userName, organizationName, name } = session;
    const body = person({ ...actor, email: actor.name, name: userName, organizationName });
    return {
      status: 200,
      body,
      headers: { "Set-Cookie": await sessionCookie({ orgId: name.orgId, sessionId: name.sid }) },
    };
  },
});
