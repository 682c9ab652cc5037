import { superai } from "@/lib/api/http/superai";
import { oneServiceAccount } from "@/lib/api/wire/superai/operations/service-accounts";
import { serviceAccount } from "@/lib/api/wire/superai/present";
import { idInPath, serviceAccountChange } from "@/lib/api/wire/superai/read";
import { deleteServiceAccount, getServiceAccount, updateServiceAccount } from "@/lib/identity/tokens";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(oneServiceAccount, {
  GET: async ({ actor, params }) => {
    const view = await getServiceAccount(actor, idInPath(params.account_id, "service account"));
    return { status: 200, body: serviceAccount(view) };
  },
  PATCH: async ({ actor, params, json }) => {
    const id = idInPath(params.account_id, "service account");
    const view = await updateServiceAccount(actor, id, serviceAccountChange(await json()));
    return { status: 200, body: serviceAccount(view) };
  },
  DELETE: async ({ actor, params }) => {
    await deleteServiceAccount(actor, idInPath(params.account_id, "service account"));
    return { status: 204 };
  },
});
