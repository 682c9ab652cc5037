import { flowise } from "@/lib/http/flowise";
import { Refusal } from "@/lib/refusal";
import { shared } from "@/lib/wire/flowise/operations/credentials";

const notShared = async (): Promise<never> => {
  throw new Refusal("forbidden", "Credentials are not shared between organisations");
};

/** As in Flowise's open edition: sharing is not there. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise(shared, {
  GET: notShared,
  POST: notShared,
});
