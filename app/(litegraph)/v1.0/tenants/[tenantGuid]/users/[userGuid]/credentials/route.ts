import { litegraph } from "@/lib/api/http/litegraph";
import { credentialsOfUser } from "@/lib/api/wire/litegraph/operations/credentials";
import { guid } from "@/lib/api/wire/litegraph/shape";
import { revokeTokens, tokenOwner } from "@/lib/identity/tokens";
import { inside } from "../../../../../../inside";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialsOfUser, {
  DELETE: async (call) => {
    const actor = await inside(call);
    await revokeTokens(actor, await tokenOwner(actor, guid(call.params.userGuid, "user")));
    return { status: 200 };
  },
});
