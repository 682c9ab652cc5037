import type { HttpMethod, OpenHandler } from "@/lib/http/route";
import { Refusal } from "@/lib/refusal";

const nothing: OpenHandler = async () => {
  throw new Refusal(
    "invalid",
    "There is nothing at this address. Tenants, users, credentials and tokens are served here; graphs are not.",
  );
};

/** What is not spoken here is answered by the dialect's error body, whatever the method, as LiteGraph does with unknown paths. */
export const nothingHere: Partial<Record<HttpMethod, OpenHandler>> = {
  GET: nothing,
  POST: nothing,
  PUT: nothing,
  PATCH: nothing,
  DELETE: nothing,
};
