import { flowise } from "@/lib/api/http/flowise";
import { endedCookie, flowiseSession } from "@/lib/api/http/flowise-session";
import { signOut } from "@/lib/api/wire/flowise/operations/session";
import { endSession } from "@/lib/identity";
import { Refusal } from "@/lib/platform/refusal";

/** Ends the session of Flowise's own pages. The header keeps other sites from doing it. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(signOut, {
  POST: async ({ headers, requestId, address }) => {
    if (headers.get("x-request-from") !== "internal")
      throw new Refusal("unauthenticated", "Invalid or missing token", { details: { session: true } });
    const session = await flowiseSession(headers);
    if (session) await endSession(session.name.orgId, session.name.sid, requestId, address);
    return {
      status: 200,
      body: { message: "logged_out", redirectTo: "/login" },
      headers: { "Set-Cookie": endedCookie() },
    };
  },
});
