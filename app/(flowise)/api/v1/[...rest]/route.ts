import { flowise } from "@/lib/http/flowise";
import { Refusal } from "@/lib/refusal";

const nothing = async (): Promise<never> => {
  throw new Refusal("not_found", "There is nothing at this path");
};

/** Every other path of this door: an answer in its own words, never a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = flowise.rest("/{rest}", nothing);
