import { idempotent } from "@/lib/api/http/idempotent";
import { superai } from "@/lib/api/http/superai";
import { serviceAccounts } from "@/lib/api/wire/superai/operations/service-accounts";
import { serviceAccount } from "@/lib/api/wire/superai/present";
import { newServiceAccount, page } from "@/lib/api/wire/superai/read";
import { createServiceAccount, listServiceAccounts } from "@/lib/identity/tokens";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(serviceAccounts, {
  GET: async ({ actor, query }) => {
    const views = await listServiceAccounts(actor, page(query));
    return { status: 200, body: views.map(serviceAccount) };
  },
  POST: async (call) => {
    const input = newServiceAccount(await call.json());
    return idempotent(call, async (reservedId) => {
      const view = await createServiceAccount(call.actor, { ...input, reservedId });
      return { status: 201, body: serviceAccount(view) };
    });
  },
});
