import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import { report, testBody, testQuery } from "../schemas/connection-test";
import {
  createBody,
  credential,
  listOfProviderQuery,
  listQuery,
  mergeBody,
  replaceBody,
  savedCredential,
  secretValues,
} from "../schemas/credential";
import { managedBody, rotation } from "../schemas/rotation";

const tag = "Credentials";
const page = {
  description: "One page; the way to the next one is in the headers.",
  body: z.array(credential),
  headers: ["X-Next-Cursor", "Link"],
} as const;

export const credentials = resource("/integrations/credentials", {
  GET: {
    id: "listCredentials",
    tag,
    summary: "List credentials",
    description: "One's own; a service account's list holds those of the whole organisation.",
    permission: "credential:list",
    query: listQuery,
    answers: { 200: page },
  },
  POST: {
    id: "createCredential",
    tag,
    summary: "Make a credential",
    description: "For people: a service account makes none.",
    permission: "credential:create",
    headers: ["Idempotency-Key"],
    body: { schema: createBody },
    answers: {
      201: { description: "As it was saved.", body: savedCredential, headers: ["ETag", "Idempotent-Replayed"] },
    },
    refusals: ["conflict", "over_limit", "version_required", "damaged"],
  },
});

export const credentialsOfProvider = resource("/integrations/credentials/provider/{provider}", {
  GET: {
    id: "listCredentialsOfProvider",
    tag,
    summary: "List the credentials of one provider",
    permission: "credential:list",
    query: listOfProviderQuery,
    answers: { 200: page },
  },
});

export const oneCredential = resource("/integrations/credentials/{credential_id}", {
  GET: {
    id: "getCredential",
    tag,
    summary: "Read a credential, without its secrets",
    permission: "credential:read",
    answers: { 200: { description: "As it is now.", body: credential, headers: ["ETag"] } },
  },
  PATCH: {
    id: "updateCredential",
    tag,
    summary: "Change a credential",
    description:
      "`application/json` replaces the values whole, `application/merge-patch+json` merges them. A stored secret is never sent to a destination that it was not stored for: whoever changes host, port, URL, user or provider sends it again.",
    permission: "credential:update",
    headers: ["If-Match"],
    body: { schema: replaceBody, others: { "application/merge-patch+json": mergeBody } },
    answers: { 200: { description: "As it was saved.", body: savedCredential, headers: ["ETag"] } },
    refusals: ["conflict", "version_required", "damaged"],
  },
  DELETE: {
    id: "deleteCredential",
    tag,
    summary: "Delete a credential and its secrets",
    description: "What was deleted is gone; nobody can bring it back.",
    permission: "credential:delete",
    headers: ["If-Match"],
    answers: { 204: { description: "It is gone." } },
    refusals: ["conflict"],
  },
});

export const credentialSecrets = resource("/integrations/credentials/{credential_id}/credentials", {
  GET: {
    id: "fetchSecrets",
    tag,
    summary: "Fetch a credential's secrets",
    description:
      "For service accounts alone. An access token that has ended, or is about to, is renewed first. Each fetch is an audit event before it is answered.",
    permission: "secret:read",
    answers: { 200: { description: "The stored values.", body: secretValues, headers: ["ETag"] } },
    refusals: ["conflict", "reauthorization_required", "external_failure", "damaged"],
  },
});

export const credentialRotation = resource("/integrations/credentials/{credential_id}/rotate", {
  GET: {
    id: "getRotation",
    tag,
    summary: "Tell where a rotation stands",
    permission: "credential:read",
    answers: { 200: { description: "Where it stands.", body: rotation } },
  },
  POST: {
    id: "rotateCredential",
    tag,
    summary: "Make a new secret at the source and store it",
    description: "Begins a rotation, or goes on with the one that is open.",
    permission: "credential:update",
    headers: ["If-Match"],
    answers: { 200: { description: "Where it stands.", body: rotation, headers: ["ETag"] } },
    refusals: ["conflict", "external_failure", "damaged"],
  },
  DELETE: {
    id: "callOffRotation",
    tag,
    summary: "Call a rotation off",
    permission: "credential:update",
    answers: { 200: { description: "How it ended.", body: rotation } },
    refusals: ["conflict", "damaged"],
  },
});

const tests = "Connection tests";
const reported = { 200: { description: "What came of it; a test that fails is an answer.", body: report } } as const;

export const credentialTest = resource("/integrations/credentials/{credential_id}/test", {
  POST: {
    id: "testCredential",
    tag: tests,
    summary: "Test what is stored",
    description: "Nothing is sent along.",
    permission: "credential:test",
    answers: reported,
    refusals: ["conflict", "external_failure", "reauthorization_required", "damaged"],
  },
});

export const valuesTest = resource("/integrations/credentials/test", {
  POST: {
    id: "testValues",
    tag: tests,
    summary: "Test values before they are saved",
    description: "The receipt proves to the save that exactly these values were tested.",
    permission: "credential:test",
    query: testQuery,
    body: { schema: testBody },
    answers: reported,
    refusals: ["conflict", "external_failure"],
  },
});

export const managedDatabase = resource("/integrations/database/managed", {
  POST: {
    id: "createManagedDatabase",
    tag,
    summary: "Have the platform make the organisation's database, once",
    permission: "managed_database:create",
    body: { schema: managedBody, optional: true },
    answers: { 201: { description: "Its credential.", body: savedCredential, headers: ["ETag"] } },
    refusals: ["conflict", "over_limit", "not_implemented", "external_failure"],
  },
});
