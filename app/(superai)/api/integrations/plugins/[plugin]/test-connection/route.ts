import { testPostgres } from "@/app/(superai)/api/postgres-test";
import { superai } from "@/lib/api/http/superai";
import { pluginTest } from "@/lib/api/wire/superai/operations/connection-tests";
import { requirePlugin } from "@/lib/api/wire/superai/plugins";

/** The contract has this for PostgreSQL alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(pluginTest, {
  POST: async (call) => {
    requirePlugin(call.params.plugin, "postgresql");
    return testPostgres(call);
  },
});
