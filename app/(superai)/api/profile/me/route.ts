import type { Call } from "@/lib/api/http/call";
import { superai } from "@/lib/api/http/superai";
import { profileChange } from "@/lib/api/wire/superai/administration";
import { ownProfile as resource } from "@/lib/api/wire/superai/operations/administration";
import { profileAnswer } from "@/lib/api/wire/superai/present";
import { ownProfile, updateOwnProfile } from "@/lib/identity";
import { ownOrganization } from "@/lib/organizations";

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
