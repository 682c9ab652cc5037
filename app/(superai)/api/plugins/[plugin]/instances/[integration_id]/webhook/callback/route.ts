import { superai } from "@/lib/api/http/superai";
import { webhookCallback } from "@/lib/api/wire/superai/operations/plugins";
import { nothingRunsHere } from "@/lib/api/wire/superai/plugin-instances";

/** Providers push here, and bring no token: they are told without a look at anything. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(webhookCallback, {
  POST: async () => {
    throw nothingRunsHere();
  },
});
