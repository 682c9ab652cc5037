import { resource } from "@/lib/api/wire/operation";
import { credentialPermissions, scopeAssignment } from "../schemas/authorization";
import { credential, credentialBody } from "../schemas/credential";
import {
  graphQuery,
  listOf,
  listQuery,
  numberedPageOf,
  numberedQuery,
  pageOf,
  pageQuery,
  searchBody,
} from "../schemas/list";

const tag = "Credentials";
const manage = ["organization:administer", "token:manage"] as const;
const shown = { description: "As it is now, its token masked.", body: credential, headers: ["ETag"] } as const;
const told = (id: string, summary: string) => ({ id, tag, summary, answers: {} }) as const;

export const credentials = resource("/v1.0/tenants/{tenant}/credentials", {
  GET: {
    id: "listCredentials",
    tag,
    summary: "List the credentials of a tenant",
    permission: ["organization:administer", "token:read"],
    query: listQuery,
    answers: { 200: { description: "An array, or a page.", body: listOf(credential) } },
  },
  PUT: {
    id: "createCredential",
    tag,
    summary: "Make a credential; its token is shown this once",
    permission: manage,
    headers: ["Idempotency-Key"],
    body: { schema: credentialBody },
    answers: {
      200: { description: "With its token.", body: credential, headers: ["ETag", "Idempotent-Replayed"] },
    },
    refusals: ["conflict", "over_limit"],
  },
  DELETE: {
    id: "deleteCredentials",
    tag,
    summary: "Delete all credentials of a tenant",
    permission: manage,
    answers: { 200: { description: "They are gone." } },
  },
});

export const oneCredential = resource("/v1.0/tenants/{tenant}/credentials/{credential}", {
  GET: {
    id: "getCredential",
    tag,
    summary: "Read a credential",
    permission: ["organization:administer", "token:read"],
    answers: { 200: shown },
  },
  PUT: {
    id: "updateCredential",
    tag,
    summary: "Replace a credential, but for the secret, scopes and graphs that are left out",
    permission: manage,
    headers: ["If-Match"],
    body: { schema: credentialBody },
    answers: {
      200: { description: "As it is now; a new token is shown this once.", body: credential, headers: ["ETag"] },
    },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteCredential",
    tag,
    summary: "Delete a credential",
    description: "Deleting what is not there is no error.",
    permission: manage,
    answers: { 200: { description: "It is gone." } },
  },
});

export const credentialsOfUser = resource("/v1.0/tenants/{tenant}/users/{user}/credentials", {
  DELETE: {
    id: "deleteCredentialsOfUser",
    tag,
    summary: "Delete all credentials of a user",
    permission: manage,
    answers: { 200: { description: "They are gone." } },
  },
});

export const credentialByToken = resource("/v1.0/credentials/bearer/{token}", {
  GET: {
    id: "getCredentialByToken",
    tag,
    summary: "Find the credential of a token",
    description: "The token stands in the address, as LiteGraph has it: keep it out of the logs of proxies.",
    permission: ["organization:administer", "token:read"],
    answers: { 200: { description: "As it is now.", body: credential } },
  },
});

export const credentialPages = resource("/v2.0/tenants/{tenant}/credentials", {
  GET: {
    id: "enumerateCredentials",
    tag,
    summary: "Read credentials page by page, by parameters",
    permission: ["organization:administer", "token:read"],
    query: pageQuery,
    answers: { 200: { description: "A page.", body: pageOf(credential) } },
  },
  POST: {
    id: "searchCredentials",
    tag,
    summary: "Read credentials page by page, by a body",
    permission: ["organization:administer", "token:read"],
    body: { schema: searchBody },
    answers: { 200: { description: "A page.", body: pageOf(credential) } },
  },
});

export const effectivePermissions = resource("/v1.0/tenants/{tenant}/credentials/{credential}/permissions", {
  GET: {
    id: "getCredentialPermissions",
    tag,
    summary: "Tell what a credential may do here",
    permission: ["organization:administer", "token:read"],
    query: graphQuery,
    answers: { 200: { description: "What it may do.", body: credentialPermissions } },
  },
});

export const scopes = resource("/v1.0/tenants/{tenant}/credentials/{credential}/scopes", {
  GET: {
    id: "listScopes",
    tag,
    summary: "List the scopes of a credential, as an assignment",
    permission: ["organization:administer", "token:read"],
    query: numberedQuery,
    answers: { 200: { description: "A page.", body: numberedPageOf(scopeAssignment) } },
  },
  PUT: told("createScope", "Scopes are a field of the credential: refused"),
  DELETE: told("deleteScopes", "Scopes are a field of the credential: refused"),
});

export const oneScope = resource("/v1.0/tenants/{tenant}/credentials/{credential}/scopes/{assignment}", {
  GET: {
    id: "getScope",
    tag,
    summary: "Read a scope assignment",
    permission: ["organization:administer", "token:read"],
    answers: { 200: { description: "The assignment.", body: scopeAssignment } },
  },
  PUT: told("updateScope", "Scopes are a field of the credential: refused"),
  DELETE: told("deleteScope", "Scopes are a field of the credential: refused"),
});
