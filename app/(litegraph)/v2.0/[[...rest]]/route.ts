import { litegraph } from "@/lib/http/litegraph";
import { nothingHere } from "../../nothing-here";

/** Whatever else is asked for under this prefix gets the dialect's error body, never a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = litegraph.open.rest("/v2.0/*", nothingHere);
