import { superai } from "@/lib/api/http/superai";
import { notFound } from "@/lib/platform/refusal";

const nothingHere = async () => {
  throw notFound();
};

/** Whatever else is asked for under this prefix gets the API's own not-found, not a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.rest("/access/*", nothingHere);
