import { flowise } from "@/lib/api/http/flowise";
import { Refusal } from "@/lib/platform/refusal";

const nothing = async (): Promise<never> => {
  throw new Refusal("not_found", "There is nothing at this path");
};

/** Every other path of this door: an answer in its own words, never a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.rest("/{rest}", nothing);
