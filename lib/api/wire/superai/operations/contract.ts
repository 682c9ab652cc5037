import { openResource } from "@/lib/api/wire/operation";

/** The contract itself, for tools and for people who write clients. */
const tag = "Contract";
const answers = {
  200: { description: "An OpenAPI 3.1 document.", mediaType: "application/json", headers: ["ETag"] },
} as const;

export const nativeDocument = openResource("/openapi.json", {
  GET: { id: "getContract", tag, summary: "Read this document", answers },
});

export const dialectDocument = openResource("/openapi/{document}", {
  GET: {
    id: "getDialectContract",
    tag,
    summary: "Read the document of a dialect: flowise.json or litegraph.json",
    answers,
  },
});
