import type { Call } from "@/lib/http/call";
import { superai } from "@/lib/http/superai";
import { ownOrganization, ownProfile, updateOwnProfile } from "@/lib/people";
import { profileChange } from "@/lib/wire/superai/administration";
import { ownProfile as resource } from "@/lib/wire/superai/operations/administration";
import { profileAnswer } from "@/lib/wire/superai/present";

const known = async ({ actor }: Call) => ({
  person: await ownProfile(actor),
  organization: await ownOrganization(actor),
});

const change = async (call: Call) => {
  const before = await known(call);
  const wanted = profileChange(await call.json(), before, call.headers.get("if-match"));
  return profileAnswer(await updateOwnProfile(call.actor, wanted), before.organization);
};

/** Whoever asks. The earlier contract changes it with PUT, the later one with PATCH: what is left out stays. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(resource, {
  GET: async (call) => {
    const { person, organization } = await known(call);
    return profileAnswer(person, organization);
  },
  PUT: change,
  PATCH: change,
});
