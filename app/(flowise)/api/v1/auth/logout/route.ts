import { flowise } from "@/lib/http/flowise";
import { endedCookie, flowiseSession } from "@/lib/http/flowise-session";
import { endSession } from "@/lib/people";
import { Refusal } from "@/lib/refusal";
import { signOut } from "@/lib/wire/flowise/operations/session";

/** Ends the session of Flowise's own pages. The header keeps other sites from doing it. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(signOut, {
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
