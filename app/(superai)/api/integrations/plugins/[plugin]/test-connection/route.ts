import { testPostgres } from "@/app/(superai)/api/postgres-test";
import { superai } from "@/lib/http/superai";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(
  "/integrations/plugins/postgres/test-connection",
  {
    POST: testPostgres,
  },
);
