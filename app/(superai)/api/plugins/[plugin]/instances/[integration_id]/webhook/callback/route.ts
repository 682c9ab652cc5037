import { superai } from "@/lib/http/superai";
import { nothingRunsHere } from "@/lib/wire/superai/plugin-instances";

/** Providers push here, and bring no token: they are told without a look at anything. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(
  "/plugins/{plugin}/instances/{id}/webhook/callback",
  {
    POST: async () => {
      throw nothingRunsHere();
    },
  },
);
