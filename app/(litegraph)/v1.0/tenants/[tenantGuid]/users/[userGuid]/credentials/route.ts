import { litegraph } from "@/lib/http/litegraph";
import { revokeTokens, tokenOwner } from "@/lib/tokens";
import { guid } from "@/lib/wire/litegraph/shape";
import { inside } from "../../../../../../inside";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph(
  "/v1.0/tenants/{tenant}/users/{user}/credentials",
  {
    DELETE: async (call) => {
      const actor = await inside(call);
      await revokeTokens(actor, await tokenOwner(actor, guid(call.params.userGuid, "user")));
      return { status: 200 };
    },
  },
);
