import { deleteCredential, getCredential, updateCredential } from "@/lib/credentials";
import { bodyOf, flowise, requireBody } from "@/lib/http/flowise";
import { reference } from "@/lib/http/opaque-reference";
import { Refusal } from "@/lib/refusal";
import { versionsIn } from "@/lib/versions";
import { oneCredential } from "@/lib/wire/flowise/operations/credentials";
import { removed, row, withValues } from "@/lib/wire/flowise/present";
import { credentialChange, ofForm } from "@/lib/wire/flowise/read";
import { idOf, versionTag } from "./known";

/** Values are for those who may change them; deleting what is not there is no error. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(oneCredential, {
  GET: async ({ actor, params }) => {
    const view = await getCredential(
      actor,
      await idOf(actor, params.id, { service: "createCredential", to: "update" }),
    );
    return { status: 200, body: withValues(view, actor.orgId), headers: versionTag(view) };
  },
  PUT: async (call) => {
    const { actor, params, headers } = call;
    await requireBody(call, "updateCredential");
    const body = await bodyOf(call, ofForm);
    const id = await idOf(actor, params.id, { service: "updateCredential", to: "update" });
    const change = credentialChange(body, await getCredential(actor, id), versionsIn(headers.get("if-match")));
    const view = await updateCredential(actor, id, change);
    return { status: 200, body: row(view, actor.orgId, reference(view)), headers: versionTag(view) };
  },
  DELETE: async ({ actor, params, headers }) => {
    try {
      const id = await idOf(actor, params.id, { service: "deleteCredentials", to: "delete" });
      await deleteCredential(actor, id, { expectedVersion: versionsIn(headers.get("if-match")) });
      return { status: 200, body: removed(1) };
    } catch (error) {
      if (error instanceof Refusal && error.code === "not_found") return { status: 200, body: removed(0) };
      throw error;
    }
  },
});
