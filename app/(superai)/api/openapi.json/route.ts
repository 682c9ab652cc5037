import { superai } from "@/lib/http/superai";
import { nativeDocument } from "@/lib/wire/superai/operations/contract";
import { contractAnswer } from "../contract-answer";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(nativeDocument, {
  GET: async () => contractAnswer("superai"),
});
