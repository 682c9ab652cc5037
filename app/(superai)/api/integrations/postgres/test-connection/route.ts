import { testPostgres } from "@/app/(superai)/api/postgres-test";
import { superai } from "@/lib/api/http/superai";
import { postgresTest } from "@/lib/api/wire/superai/operations/connection-tests";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(postgresTest, {
  POST: testPostgres,
});
