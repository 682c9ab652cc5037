import { testPostgres } from "@/app/(superai)/api/postgres-test";
import { superai } from "@/lib/http/superai";
import { requirePlugin } from "@/lib/wire/superai/plugins";

/** The contract has this for PostgreSQL alone. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/plugins/{plugin}/test-connection",
  {
    POST: async (call) => {
      requirePlugin(call.params.plugin, "postgresql");
      return testPostgres(call);
    },
  },
);
