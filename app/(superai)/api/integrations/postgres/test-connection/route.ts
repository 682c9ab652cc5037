import { testPostgres } from "@/app/(superai)/api/postgres-test";
import { superai } from "@/lib/http/superai";
import { postgresTest } from "@/lib/wire/superai/operations/connection-tests";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai(postgresTest, {
  POST: testPostgres,
});
