import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import { pageQuery } from "../schemas/fields";
import {
  accountBody,
  accountChange,
  apiKey,
  freshApiKey,
  keyBody,
  keyChange,
  serviceAccount,
} from "../schemas/service-account";

const tag = "Service accounts";

export const serviceAccounts = resource("/service-accounts", {
  GET: {
    id: "listServiceAccounts",
    tag,
    summary: "List service accounts",
    permission: "service_account:read",
    query: pageQuery,
    answers: { 200: { description: "One page.", body: z.array(serviceAccount) } },
  },
  POST: {
    id: "createServiceAccount",
    tag,
    summary: "Make a service account",
    permission: "service_account:manage",
    headers: ["Idempotency-Key"],
    body: { schema: accountBody },
    answers: { 201: { description: "As it was made.", body: serviceAccount, headers: ["Idempotent-Replayed"] } },
    refusals: ["conflict"],
  },
});

export const oneServiceAccount = resource("/service-accounts/{id}", {
  GET: {
    id: "getServiceAccount",
    tag,
    summary: "Read a service account",
    permission: "service_account:read",
    answers: { 200: { description: "As it is now.", body: serviceAccount } },
  },
  PATCH: {
    id: "updateServiceAccount",
    tag,
    summary: "Change a service account, or switch it off and on",
    permission: "service_account:manage",
    body: { schema: accountChange },
    answers: { 200: { description: "As it is now.", body: serviceAccount } },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteServiceAccount",
    tag,
    summary: "Delete a service account with its keys",
    permission: "service_account:manage",
    answers: { 204: { description: "It is gone." } },
  },
});

export const apiKeys = resource("/service-accounts/{id}/api-keys", {
  GET: {
    id: "listApiKeys",
    tag,
    summary: "List the API keys of a service account",
    permission: ["service_account:read", "token:read"],
    query: pageQuery,
    answers: { 200: { description: "One page.", body: z.array(apiKey) } },
  },
  POST: {
    id: "createApiKey",
    tag,
    summary: "Make an API key; its token is shown this once",
    permission: "token:manage",
    headers: ["Idempotency-Key"],
    body: { schema: keyBody },
    answers: { 201: { description: "With the token.", body: freshApiKey, headers: ["Idempotent-Replayed"] } },
    refusals: ["conflict", "over_limit"],
  },
});

export const oneApiKey = resource("/service-accounts/{id}/api-keys/{key_id}", {
  PATCH: {
    id: "updateApiKey",
    tag,
    summary: "Rename an API key",
    permission: "token:manage",
    body: { schema: keyChange },
    answers: { 200: { description: "As it is now.", body: apiKey } },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "revokeApiKey",
    tag,
    summary: "Revoke an API key",
    permission: "token:manage",
    answers: { 204: { description: "It signs nobody in any more." } },
  },
});
