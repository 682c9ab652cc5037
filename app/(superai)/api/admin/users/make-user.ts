import type { Call } from "@/lib/api/http/call";
import { idempotent } from "@/lib/api/http/idempotent";
import { publicAddress } from "@/lib/api/http/public-address";
import type { newUser } from "@/lib/api/wire/superai/administration";
import { freshUser, withoutInvitation } from "@/lib/api/wire/superai/present";
import { createUser, invitePerson } from "@/lib/identity";
import { administratorOf } from "@/lib/organizations";
import { invalidField } from "@/lib/platform/refusal";

/**
 * Makes a person: with the password that is sent, or invited. The invitation's address is answered once, for whoever asks to send
 * on; its secret stands behind the #, which no server or log is ever sent.
 */
export async function makeUser(
  call: Call,
  { organizationId, person, password, path }: ReturnType<typeof newUser> & { path?: string },
) {
  if (path !== undefined && organizationId !== undefined && organizationId !== path)
    throw invalidField("organization_id", "Is another organisation than the path names");
  const at = await administratorOf(call.actor, path ?? organizationId ?? call.actor.orgId);
  const make = async (reservedId: string | undefined) => {
    if (password !== undefined) {
      return { status: 201 as const, body: freshUser(await createUser(at, { ...person, password, reservedId }), null) };
    }
    const { secret, expiresAt, view } = await invitePerson(at, { ...person, reservedId });
    return { status: 201 as const, body: freshUser(view, { address: publicAddress(`/join#${secret}`), expiresAt }) };
  };
  return idempotent(call, make, withoutInvitation);
}
