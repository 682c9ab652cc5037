import type { PublicError } from "@/lib/api/http/public-error";

/** Neither a yes nor a no came back. */
export const unreachable: PublicError = {
  code: "unavailable",
  message: "The server did not answer. Check your connection and try again; nothing you typed is lost.",
  fields: [],
  requestId: "",
};
