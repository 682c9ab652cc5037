import { superai } from "@/lib/http/superai";
import { documentNames } from "@/lib/openapi";
import { notFound } from "@/lib/refusal";
import { dialectDocument } from "@/lib/wire/superai/operations/contract";
import { contractAnswer } from "../../contract-answer";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = superai.open(dialectDocument, {
  GET: async ({ params }) => {
    const name = documentNames.find((one) => params.document === `${one}.json`);
    if (!name) throw notFound();
    return contractAnswer(name);
  },
});
