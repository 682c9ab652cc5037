import { deviceCookie, devicesOf } from "@/lib/api/http/device-cookie";
import { bodyOf, flowise } from "@/lib/api/http/flowise";
import { sessionCookie } from "@/lib/api/http/flowise-session";
import { signIn as resource } from "@/lib/api/wire/flowise/operations/session";
import { person } from "@/lib/api/wire/flowise/present";
import { signInBody } from "@/lib/api/wire/flowise/read";
import { liveSession, signIn } from "@/lib/identity";
import { Refusal } from "@/lib/platform/refusal";

const noForm = () => ({});

/** Signs a person in for Flowise's own pages. The session opens this door alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.public(resource, {
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
