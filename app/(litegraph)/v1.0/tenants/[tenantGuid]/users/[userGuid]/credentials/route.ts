import { litegraph } from "@/lib/http/litegraph";
import { revokeTokens, tokenOwner } from "@/lib/tokens";
import { credentialsOfUser } from "@/lib/wire/litegraph/operations/credentials";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../../inside";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(credentialsOfUser, {
  DELETE: async (call) => {
    const actor = await inside(call);
    await revokeTokens(actor, await tokenOwner(actor, guid(call.params.userGuid, "user")));
    return { status: 200 };
  },
});
