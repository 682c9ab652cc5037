import { superai } from "@/lib/api/http/superai";
import { nativeDocument } from "@/lib/api/wire/superai/operations/contract";
import { contractAnswer } from "../contract-answer";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(nativeDocument, {
  GET: async () => contractAnswer("superai"),
});
