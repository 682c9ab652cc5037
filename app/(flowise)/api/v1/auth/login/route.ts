import { deviceCookie, devicesOf } from "@/lib/http/device-cookie";
import { bodyOf, flowise } from "@/lib/http/flowise";
import { sessionCookie } from "@/lib/http/flowise-session";
import { liveSession, signIn } from "@/lib/people";
import { Refusal } from "@/lib/refusal";
import { signIn as resource } from "@/lib/wire/flowise/operations/session";
import { person } from "@/lib/wire/flowise/present";
import { signInBody } from "@/lib/wire/flowise/read";

const noForm = () => ({});

/** Signs a person in for Flowise's own pages. The session opens this door alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.open(resource, {
  POST: async (call) => {
    const { email, password } = signInBody(await bodyOf(call, noForm));
    const userAgent = call.headers.get("user-agent") ?? "";
    const signedIn = await signIn({
      email,
      password,
      address: call.address,
      userAgent,
      requestId: call.requestId,
      devices: devicesOf(call.headers),
    }).catch(inTheirWords);
    const session = await liveSession(signedIn.orgId, signedIn.sessionId);
    if (!session) throw new Refusal("unauthenticated", "Incorrect Email or Password", { details: { sign_in: true } });
    const { actor, organizationName } = session;
    const body = person({ ...actor, email: signedIn.email, name: signedIn.name, organizationName });
    const cookies = [await sessionCookie(signedIn), deviceCookie(signedIn.devices)];
    return { status: 200, body, headers: { "Set-Cookie": cookies } };
  },
});

function inTheirWords(error: unknown): never {
  if (!(error instanceof Refusal && error.code === "unauthenticated")) throw error;
  throw new Refusal("unauthenticated", "Incorrect Email or Password", { details: { sign_in: true } });
}
