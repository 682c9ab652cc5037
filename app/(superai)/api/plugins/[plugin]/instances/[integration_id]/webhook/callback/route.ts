import { superai } from "@/lib/http/superai";
import { webhookCallback } from "@/lib/wire/superai/operations/plugins";
import { nothingRunsHere } from "@/lib/wire/superai/plugin-instances";

/** Providers push here, and bring no token: they are told without a look at anything. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(webhookCallback, {
  POST: async () => {
    throw nothingRunsHere();
  },
});
