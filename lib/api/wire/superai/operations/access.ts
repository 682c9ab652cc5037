import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import {
  accessRequest,
  answerBody,
  credentialAccess,
  exposedCredential,
  exposedQuery,
  grant,
  grantBody,
  grantsQuery,
  group,
  groupBody,
  groupPatch,
  groupWithMembers,
  narrowing,
  requestBody,
  requestsQuery,
  subjectAccess,
  tokenAccess,
} from "../schemas/access";
import { apiKey } from "../schemas/service-account";

/** Who may do what with which credential. */
const tag = "Access";

export const grants = resource("/access/grants", {
  GET: {
    id: "listGrants",
    tag,
    summary: "List grants, newest first",
    description:
      "Administrators and auditors see all of them; others those to themselves and their groups, and those over what they manage.",
    permission: "access:read",
    query: grantsQuery,
    answers: { 200: { description: "One page.", body: z.array(grant), headers: ["X-Next-Cursor", "Link"] } },
    refusals: ["not_found"],
  },
  POST: {
    id: "createGrants",
    tag,
    summary: "Grant rights over a credential, a tag, a kind or everything",
    description:
      "To a person, a group or a service account, by whoever manages all that it is about. Each right is a grant of its own; what is granted already gets the end and the reason that are said now.",
    permission: "access:manage",
    headers: ["Idempotency-Key"],
    body: { schema: grantBody },
    answers: { 201: { description: "One for each right.", body: z.array(grant), headers: ["Idempotent-Replayed"] } },
    refusals: ["not_found"],
  },
});

export const oneGrant = resource("/access/grants/{id}", {
  DELETE: {
    id: "deleteGrant",
    tag,
    summary: "Take a grant away, or give one's own back",
    permission: "access:manage",
    answers: { 204: { description: "It is gone, on every instance." } },
    refusals: ["conflict"],
  },
});

export const groups = resource("/access/groups", {
  GET: {
    id: "listGroups",
    tag,
    summary: "List the groups of people",
    permission: "group:read",
    answers: { 200: { description: "All of them, by name.", body: z.array(group) } },
  },
  POST: {
    id: "createGroup",
    tag,
    summary: "Make a group",
    permission: "group:manage",
    headers: ["Idempotency-Key"],
    body: { schema: groupBody },
    answers: { 201: { description: "As it was made.", body: group, headers: ["Idempotent-Replayed"] } },
    refusals: ["conflict", "over_limit"],
  },
});

export const oneGroup = resource("/access/groups/{id}", {
  GET: {
    id: "getGroup",
    tag,
    summary: "Read a group with its members",
    permission: "group:read",
    answers: { 200: { description: "As it is now.", body: groupWithMembers } },
  },
  PATCH: {
    id: "updateGroup",
    tag,
    summary: "Rename a group, or let people in and out",
    permission: "group:manage",
    body: { schema: groupPatch },
    answers: { 200: { description: "As it is now.", body: group } },
    refusals: ["conflict", "over_limit"],
  },
  DELETE: {
    id: "deleteGroup",
    tag,
    summary: "Delete a group with what was granted to it",
    permission: "group:manage",
    answers: { 204: { description: "It is gone." } },
  },
});

export const accessRequests = resource("/access/requests", {
  GET: {
    id: "listAccessRequests",
    tag,
    summary: "List requests for access: one's own, and those about what one manages",
    permission: "access:read",
    query: requestsQuery,
    answers: { 200: { description: "At most 200, the newest first.", body: z.array(accessRequest) } },
  },
  POST: {
    id: "createAccessRequest",
    tag,
    summary: "Ask for a right over a credential that one sees",
    permission: "access:read",
    headers: ["Idempotency-Key"],
    body: { schema: requestBody },
    answers: { 201: { description: "It waits for an answer.", body: accessRequest, headers: ["Idempotent-Replayed"] } },
    refusals: ["not_found", "conflict", "over_limit"],
  },
});

export const oneAccessRequest = resource("/access/requests/{id}", {
  DELETE: {
    id: "withdrawAccessRequest",
    tag,
    summary: "Withdraw one's own request",
    permission: "access:read",
    answers: { 200: { description: "As it ended.", body: accessRequest } },
    refusals: ["conflict"],
  },
});

export const accessRequestAnswer = resource("/access/requests/{id}/answer", {
  POST: {
    id: "answerAccessRequest",
    tag,
    summary: "Grant what was asked for, or decline",
    permission: "access:manage",
    body: { schema: answerBody },
    answers: { 200: { description: "As it ended.", body: accessRequest } },
    refusals: ["conflict"],
  },
});

export const accessToCredential = resource("/integrations/credentials/{credential_id}/access", {
  GET: {
    id: "getCredentialAccess",
    tag,
    summary: "Who may do what with a credential, by which grants",
    permission: "access:read",
    answers: { 200: { description: "For everybody who sees it.", body: credentialAccess } },
  },
});

export const accessOfSubject = resource("/access/subjects/{subject_type}/{id}", {
  GET: {
    id: "getSubjectAccess",
    tag,
    summary: "What a person, a group or a service account may do, and what they made of it",
    description: "Oneself for everybody; others for administrators and auditors.",
    permission: "access:read",
    answers: { 200: { description: "As it is now.", body: subjectAccess } },
  },
});

export const exposedCredentials = resource("/access/exposed", {
  GET: {
    id: "listExposedCredentials",
    tag,
    summary: "Which credentials have a value that somebody read and that was not replaced since",
    description:
      "By a token, a program or a person, in a span of time, or by anybody in one. What has to be changed when one of them is lost; at most 1,000, the latest first.",
    permission: "audit:read",
    query: exposedQuery,
    answers: { 200: { description: "All of them.", body: z.array(exposedCredential) } },
  },
});

export const narrowingOfProgram = resource("/access/subjects/{subject_type}/{id}/narrowing", {
  GET: {
    id: "getNarrowing",
    tag,
    summary: 'What a program would keep of "everything, from before": what it made use of in ninety days',
    permission: "access:manage",
    answers: { 200: { description: "As it would be now.", body: narrowing } },
  },
  POST: {
    id: "narrowToUsed",
    tag,
    summary: "Narrow a program to what it made use of in ninety days",
    permission: "access:manage",
    answers: { 200: { description: "As it was done.", body: narrowing } },
    refusals: ["conflict"],
  },
});

export const accessOfToken = resource("/access/tokens/{id}", {
  GET: {
    id: "getTokenAccess",
    tag,
    summary: "What an API key or token may do with which credentials, and what it made of it",
    description: "Within its scopes and limits. One's own for everybody; others for administrators and auditors.",
    permission: "token:read",
    answers: { 200: { description: "As it is now.", body: tokenAccess } },
  },
});

export const narrowingOfToken = resource("/access/tokens/{id}/narrowing", {
  POST: {
    id: "narrowTokenToUsed",
    tag,
    summary: "Narrow an API key or token to the credentials that it worked with in ninety days",
    description: "Its other limits stay. What its owner is granted later it does not get.",
    permission: "token:manage",
    answers: { 200: { description: "As it is now.", body: apiKey } },
    refusals: ["conflict", "version_mismatch"],
  },
});
