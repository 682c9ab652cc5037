import type { Call } from "@/lib/api/http/call";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { getPerson } from "@/lib/identity";
import { readToken } from "@/lib/identity/tokens";
import { inside } from "../../../../../inside";

/** The credential that the path names, with the person it acts as; no person for a service account's. */
export async function owned(call: Call) {
  const id = guid(call.params.credentialGuid, "credential");
  const actor = await inside(call);
  const view = await readToken(actor, id);
  const owner = view.userId === null ? undefined : await getPerson(actor, view.userId);
  return { view, owner, tenantGuid: actor.orgId };
}
