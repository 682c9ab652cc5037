import { superai } from "@/lib/api/http/superai";
import { documentNames } from "@/lib/api/openapi";
import { dialectDocument } from "@/lib/api/wire/superai/operations/contract";
import { notFound } from "@/lib/platform/refusal";
import { contractAnswer } from "../../contract-answer";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.public(dialectDocument, {
  GET: async ({ params }) => {
    const name = documentNames.find((one) => params.document === `${one}.json`);
    if (!name) throw notFound();
    return contractAnswer(name);
  },
});
