import { openResource, resource } from "@/lib/api/wire/operation";
import { forceQuery, listOf, listQuery, pageOf, pageQuery, searchBody } from "../schemas/list";
import { health, onboarded, onboardingBody, securityToken, tenant, tenantBody, tokenDetails } from "../schemas/tenant";

const tag = "Tenants";
const shown = { description: "As it is now.", body: tenant, headers: ["ETag"] } as const;

export const tenants = resource("/v1.0/tenants", {
  GET: {
    id: "listTenants",
    tag,
    summary: "List tenants",
    description: "The platform's administrator sees all of them, a tenant's its own alone.",
    permission: "organization:administer",
    query: listQuery,
    answers: { 200: { description: "An array, or a page.", body: listOf(tenant) } },
  },
  PUT: {
    id: "createTenant",
    tag,
    summary: "Make a tenant",
    permission: "platform:manage",
    headers: ["Idempotency-Key"],
    body: { schema: tenantBody },
    answers: { 200: { description: "As it was made.", body: tenant, headers: ["ETag", "Idempotent-Replayed"] } },
    refusals: ["conflict"],
  },
});

export const oneTenant = resource("/v1.0/tenants/{tenant}", {
  GET: {
    id: "getTenant",
    tag,
    summary: "Read a tenant",
    permission: "organization:administer",
    answers: { 200: shown },
  },
  PUT: {
    id: "updateTenant",
    tag,
    summary: "Replace a tenant",
    permission: ["organization:administer", "organization:manage"],
    headers: ["If-Match"],
    body: { schema: tenantBody },
    answers: { 200: shown },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteTenant",
    tag,
    summary: "Delete a tenant",
    description: "Deleting what is not there is no error.",
    permission: "platform:manage",
    query: forceQuery,
    answers: { 200: { description: "It is gone." } },
    refusals: ["conflict"],
  },
});

export const onboarding = resource("/v1.0/tenants/onboarding", {
  PUT: {
    id: "onboardTenant",
    tag,
    summary: "Make a tenant with users and credentials: all of it, or nothing",
    permission: "platform:manage",
    headers: ["Idempotency-Key"],
    body: { schema: onboardingBody },
    answers: {
      200: { description: "With the tokens, shown this once.", body: onboarded, headers: ["Idempotent-Replayed"] },
    },
    refusals: ["conflict"],
  },
});

export const tenantPages = resource("/v2.0/tenants", {
  GET: {
    id: "enumerateTenants",
    tag,
    summary: "Read tenants page by page, by parameters",
    permission: "organization:administer",
    query: pageQuery,
    answers: { 200: { description: "A page.", body: pageOf(tenant) } },
  },
  POST: {
    id: "searchTenants",
    tag,
    summary: "Read tenants page by page, by a body",
    permission: "organization:administer",
    body: { schema: searchBody },
    answers: { 200: { description: "A page.", body: pageOf(tenant) } },
  },
});

const tokens = "Security tokens";

export const token = resource("/v1.0/token", {
  GET: {
    id: "issueSecurityToken",
    tag: tokens,
    summary: "Get a security token for a day",
    description: "Asked with e-mail address, password and tenant.",
    answers: { 200: { description: "The token.", body: securityToken } },
    refusals: ["conflict"],
  },
});

export const details = resource("/v1.0/token/details", {
  GET: {
    id: "getSecurityToken",
    tag: tokens,
    summary: "Tell what a security token says",
    permission: "organization:read",
    headers: ["x-token"],
    answers: { 200: { description: "Whose it is.", body: tokenDetails } },
  },
});

export const tenantsOfAddress = openResource("/v1.0/token/tenants", {
  GET: {
    id: "listTenantsOfAddress",
    tag: tokens,
    summary: "List the tenants that an e-mail address can sign in to",
    headers: ["x-email"],
    query: listQuery,
    answers: { 200: { description: "An array, or a page.", body: listOf(tenant) } },
    refusals: ["not_found", "too_many_requests"],
  },
});

export const live = openResource("/v1.0/health/live", {
  GET: {
    id: "getLiveness",
    tag: "Health",
    summary: "Tell that somebody is there",
    answers: { 200: { description: "There.", body: health } },
  },
});

export const readiness = openResource("/v1.0/health/ready", {
  GET: {
    id: "getReadiness",
    tag: "Health",
    summary: "Tell whether requests should be sent here",
    answers: {
      200: { description: "They should.", body: health },
      503: { description: "Not now.", body: health, headers: ["Retry-After"] },
    },
  },
});
