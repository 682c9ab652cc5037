import { idempotent } from "@/lib/api/http/idempotent";
import { litegraph } from "@/lib/api/http/litegraph";
import { credentials as resource } from "@/lib/api/wire/litegraph/operations/credentials";
import { credential, etag } from "@/lib/api/wire/litegraph/present";
import { newCredential } from "@/lib/api/wire/litegraph/read";
import { revokeTokens, takeToken, tokenOwner, tokensByIds } from "@/lib/identity/tokens";
import { ifMissing, inside, mustExist } from "../../../../inside";
import { credentials } from "../../../../kinds";
import { list } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(resource, {
  GET: list({
    all: credentials,
    some: async (call, guids) => {
      const actor = await ifMissing(inside(call), null);
      if (!actor) return [];
      return (await tokensByIds(actor, guids)).map((view) => credential(view, actor.orgId));
    },
  }),
  PUT: async (call) => {
    const actor = await mustExist(inside(call), "TenantGUID");
    const { ownerId, token: chosen, ...input } = newCredential(await call.json());
    const owner = await mustExist(tokenOwner(actor, ownerId), "UserGUID");
    let masked: unknown;
    const make = async (reservedId: string | undefined) => {
      const made = await takeToken(actor, { ...input, owner, reservedId }, chosen);
      masked = credential(made.view, actor.orgId);
      return { status: 200 as const, body: credential(made.view, actor.orgId, made.token), headers: etag(made.view) };
    };
    return idempotent(call, make, () => masked);
  },
  DELETE: async (call) => {
    await revokeTokens(await inside(call));
    return { status: 200 };
  },
});
