import { litegraph } from "@/lib/http/litegraph";
import { pageOfTokens, tokenOwner } from "@/lib/tokens";
import { credential } from "@/lib/wire/litegraph/present";
import { EMPTY, ifMissing, inside } from "../../../../inside";
import { enumeration } from "../../../../lists";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v2.0/tenants/{tenant}/credentials",
  enumeration(async (call, wanted) => {
    const actor = await ifMissing(inside(call), null);
    if (!actor) return EMPTY;
    const owner = wanted.ownerId === undefined ? undefined : await ifMissing(tokenOwner(actor, wanted.ownerId), null);
    if (owner === null) return EMPTY;
    const found = await pageOfTokens(actor, { ...wanted, ...(owner && { owner }) });
    return { ...found, items: found.items.map((view) => credential(view, actor.orgId)) };
  }),
);
