import { litegraph } from "@/lib/api/http/litegraph";
import { nothingHere } from "../../nothing-here";

/** Whatever else is asked for under this prefix gets the dialect's error body, never a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.public.rest("/v1.0/*", nothingHere);
