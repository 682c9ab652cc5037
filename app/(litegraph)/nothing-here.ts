import { Refusal } from "@/lib/platform/refusal";

/** What is not spoken here is answered by the dialect's error body, whatever the method, as LiteGraph does with unknown paths. */
export const nothingHere = async (): Promise<never> => {
  throw new Refusal(
    "invalid",
    "There is nothing at this address. Tenants, users, credentials and tokens are served here; graphs are not.",
  );
};
