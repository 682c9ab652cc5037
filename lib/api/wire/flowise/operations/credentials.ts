import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import {
  createBody,
  form,
  item,
  listQuery,
  removed,
  revealed,
  row,
  updateBody,
  withValues,
} from "../schemas/credential";

const tag = "Credentials";
const others = { "application/x-www-form-urlencoded": form } as const;
/** Clients send a list where they have nothing to change. */
const nothing = z.array(z.unknown()).meta({ description: "Changes nothing." });
const withoutId = (id: string, what: string) =>
  ({
    id,
    tag,
    summary: `${what}: refused, since no id is named`,
    answers: {},
    refusals: ["version_mismatch"],
  }) as const;

export const credentials = resource("/credentials", {
  GET: {
    id: "listCredentials",
    tag,
    summary: "List credentials, oldest first",
    description: "There are no pages in this dialect: a long list is streamed.",
    permission: "credential:list",
    query: listQuery,
    answers: { 200: { description: "All that the caller may see.", body: z.array(item), headers: ["ETag"] } },
  },
  POST: {
    id: "createCredential",
    tag,
    summary: "Make a credential",
    permission: "credential:create",
    headers: ["Idempotency-Key"],
    body: { schema: createBody, others },
    answers: { 200: { description: "As it was saved.", body: row, headers: ["Idempotent-Replayed"] } },
    refusals: ["version_mismatch", "conflict", "over_limit", "version_required", "damaged"],
  },
  PUT: withoutId("updateUnnamedCredential", "Change a credential"),
  DELETE: withoutId("deleteUnnamedCredential", "Delete a credential"),
});

export const oneCredential = resource("/credentials/{id}", {
  GET: {
    id: "getCredential",
    tag,
    summary: "Read a credential with its values, secrets masked",
    description: "For those who may change it.",
    permission: ["credential:read", "credential:update"],
    answers: { 200: { description: "As it is now.", body: withValues, headers: ["ETag"] } },
    refusals: ["damaged"],
  },
  PUT: {
    id: "updateCredential",
    tag,
    summary: "Change a credential",
    permission: "credential:update",
    headers: ["If-Match"],
    body: { schema: updateBody.or(nothing), others: { ...others, "application/merge-patch+json": updateBody } },
    answers: { 200: { description: "As it was saved.", body: row, headers: ["ETag"] } },
    refusals: ["version_mismatch", "conflict", "version_required", "damaged"],
  },
  DELETE: {
    id: "deleteCredential",
    tag,
    summary: "Delete a credential",
    description: "Deleting what is not there is no error.",
    permission: "credential:delete",
    headers: ["If-Match"],
    answers: { 200: { description: "Whether there was one.", body: removed } },
    refusals: ["conflict"],
  },
});

export const reveal = resource("/credentials/{id}/reveal", {
  GET: {
    id: "revealCredential",
    tag,
    summary: "Answer the names of the values: nothing is revealed",
    permission: ["credential:read", "credential:update"],
    answers: { 200: { description: "Nothing but masks.", body: revealed } },
    refusals: ["damaged"],
  },
});

const notShared = { tag, answers: {} } as const;
export const shared = resource("/workspace/shared/{id}", {
  GET: { id: "getShared", summary: "Credentials are not shared between organisations: refused", ...notShared },
  POST: { id: "setShared", summary: "Credentials are not shared between organisations: refused", ...notShared },
});
