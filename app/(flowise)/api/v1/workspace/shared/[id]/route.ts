import { flowise } from "@/lib/api/http/flowise";
import { shared } from "@/lib/api/wire/flowise/operations/credentials";
import { Refusal } from "@/lib/platform/refusal";

const notShared = async (): Promise<never> => {
  throw new Refusal("forbidden", "Credentials are not shared between organisations");
};

/** As in Flowise's open edition: sharing is not there. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(shared, {
  GET: notShared,
  POST: notShared,
});
