import type { Call } from "@/lib/http/call";
import { getPerson } from "@/lib/people";
import { readToken } from "@/lib/tokens";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../inside";

/** The credential that the path names, with the person it acts as; no person for a service account's. */
export async function owned(call: Call) {
  const id = guid(call.params.credentialGuid, "credential");
  const actor = await inside(call);
  const view = await readToken(actor, id);
  const owner = view.userId === null ? undefined : await getPerson(actor, view.userId);
  return { view, owner, tenantGuid: actor.orgId };
}
