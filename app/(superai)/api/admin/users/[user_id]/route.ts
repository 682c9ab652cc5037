import type { Call } from "@/lib/api/http/call";
import { superai } from "@/lib/api/http/superai";
import { leaving, organizationMeant, userChange } from "@/lib/api/wire/superai/administration";
import { oneUser } from "@/lib/api/wire/superai/operations/administration";
import { userAnswer } from "@/lib/api/wire/superai/present";
import { idInPath } from "@/lib/api/wire/superai/read";
import { deletePerson, getPerson, updatePerson } from "@/lib/identity";
import { administratorOf, administratorOfPerson } from "@/lib/organizations";

/** The person that the path names, and the caller as an administrator of theirs. */
async function named({ actor, params }: Call, organizationId: string | undefined) {
  const id = idInPath(params.user_id, "user");
  const at = await (organizationId ? administratorOf(actor, organizationId) : administratorOfPerson(actor, id));
  return { at, id };
}

const change = async (call: Call) => {
  const { at, id } = await named(call, organizationMeant(call.query));
  const wanted = userChange(await call.json(), await getPerson(at, id), call.headers.get("if-match"));
  return userAnswer(await updatePerson(at, id, wanted));
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneUser, {
  GET: async (call) => {
    const { at, id } = await named(call, organizationMeant(call.query));
    return userAnswer(await getPerson(at, id));
  },
  PUT: change,
  PATCH: change,
  DELETE: async (call) => {
    const { organizationId, heirId } = leaving(call.query);
    const { at, id } = await named(call, organizationId);
    await deletePerson(at, id, { heirId });
    return { status: 204 };
  },
});
