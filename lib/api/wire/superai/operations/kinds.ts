import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import { kind, kindBody, kindReport, kindTestBody, writtenKind } from "../schemas/kind";

/** Kinds of credentials that an organisation has made itself. */
const tag = "Kinds of one's own";

export const kinds = resource("/integrations/kinds", {
  GET: {
    id: "listKinds",
    tag,
    summary: "List the organisation's own kinds of credentials",
    permission: "catalog:read",
    answers: { 200: { description: "All of them, by id.", body: z.array(kind) } },
  },
  POST: {
    id: "createKind",
    tag,
    summary: "Add a kind of credential",
    permission: "kind:manage",
    body: { schema: kindBody },
    answers: { 201: { description: "As it was added.", body: kind, headers: ["ETag"] } },
    refusals: ["conflict", "over_limit"],
  },
});

export const oneKind = resource("/integrations/kinds/{kind_id}", {
  GET: {
    id: "getKind",
    tag,
    summary: "Read one of them with its definition",
    permission: "catalog:read",
    answers: { 200: { description: "As it is now.", body: writtenKind, headers: ["ETag"] } },
  },
  PUT: {
    id: "updateKind",
    tag,
    summary: "Replace its definition, as a new version",
    permission: "kind:manage",
    headers: ["If-Match"],
    body: { schema: kindBody },
    answers: { 200: { description: "As it is now.", body: kind, headers: ["ETag"] } },
  },
  DELETE: {
    id: "deleteKind",
    tag,
    summary: "Delete a kind that no credential is of",
    permission: "kind:manage",
    headers: ["If-Match"],
    answers: { 204: { description: "It is gone." } },
    refusals: ["conflict"],
  },
});

export const kindTest = resource("/integrations/kinds/test", {
  POST: {
    id: "testKind",
    tag,
    summary: "Try values out by a definition that need not be stored",
    permission: ["kind:manage", "credential:test"],
    body: { schema: kindTestBody },
    answers: { 200: { description: "How far the test got.", body: kindReport } },
  },
});
