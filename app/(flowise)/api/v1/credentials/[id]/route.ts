import { bodyOf, flowise, requireBody } from "@/lib/api/http/flowise";
import { reference } from "@/lib/api/http/opaque-reference";
import { oneCredential } from "@/lib/api/wire/flowise/operations/credentials";
import { removed, row, withValues } from "@/lib/api/wire/flowise/present";
import { credentialChange, ofForm } from "@/lib/api/wire/flowise/read";
import { deleteCredential, getCredential, updateCredential } from "@/lib/credentials";
import { versionsIn } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";
import { ownKindOf } from "../../own-kind";
import { idOf, versionTag } from "./known";

/** Values are for those who may change them; deleting what is not there is no error. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(oneCredential, {
  GET: async ({ actor, params }) => {
    const view = await getCredential(
      actor,
      await idOf(actor, params.id, { service: "createCredential", to: "update" }),
    );
    return {
      status: 200,
      body: withValues(view, actor.orgId, await ownKindOf(actor)(view.provider)),
      headers: versionTag(view),
    };
  },
  PUT: async (call) => {
    const { actor, params, headers } = call;
    await requireBody(call, "updateCredential");
    const body = await bodyOf(call, ofForm);
    const id = await idOf(actor, params.id, { service: "updateCredential", to: "update" });
    const stored = await getCredential(actor, id);
    const change = await credentialChange(body, stored, versionsIn(headers.get("if-match")), ownKindOf(actor));
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
