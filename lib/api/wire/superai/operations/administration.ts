import { z } from "zod";
import { resource } from "@/lib/api/wire/operation";
import {
  deactivatedOrganization,
  forceQuery,
  freshUser,
  leavingQuery,
  newOrganizationBody,
  newUserBody,
  organization,
  organizationBody,
  organizationPatch,
  profile,
  profileBody,
  user,
  userBody,
  whereQuery,
} from "../schemas/administration";
import { pageQuery } from "../schemas/fields";

/** Organisations and people, for those who look after them; and oneself. */
const tag = "Organisations";
const shown = { description: "As it is now.", body: organization, headers: ["ETag"] } as const;

export const organizations = resource("/admin/organizations", {
  GET: {
    id: "listOrganizations",
    tag,
    summary: "List organisations",
    description: "For the platform's administrator.",
    permission: "platform:manage",
    query: pageQuery,
    answers: { 200: { description: "One page.", body: z.array(organization) } },
  },
  POST: {
    id: "createOrganization",
    tag,
    summary: "Make an organisation",
    permission: "platform:manage",
    headers: ["Idempotency-Key"],
    body: { schema: newOrganizationBody },
    answers: { 201: { description: "As it was made.", body: organization, headers: ["Idempotent-Replayed"] } },
    refusals: ["conflict"],
  },
});

export const oneOrganization = resource("/admin/organizations/{id}", {
  GET: {
    id: "getOrganization",
    tag,
    summary: "Read an organisation",
    permission: "organization:read",
    answers: { 200: shown },
  },
  PUT: {
    id: "replaceOrganization",
    tag,
    summary: "Write an organisation back as it was read, changed",
    description: "What is left out stays; limits and the switch are the platform's to change.",
    permission: "organization:manage",
    headers: ["If-Match"],
    body: { schema: organizationBody },
    answers: { 200: shown },
    refusals: ["conflict"],
  },
  PATCH: {
    id: "updateOrganization",
    tag,
    summary: "Change an organisation's settings",
    permission: "organization:manage",
    headers: ["If-Match"],
    body: { schema: organizationPatch },
    answers: { 200: shown },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteOrganization",
    tag,
    summary: "Delete an organisation",
    permission: "platform:manage",
    query: forceQuery,
    answers: { 204: { description: "It is gone." } },
    refusals: ["conflict"],
  },
});

export const organizationDeactivation = resource("/admin/organizations/{id}/deactivate", {
  PATCH: {
    id: "deactivateOrganization",
    tag,
    summary: "Shut an organisation out with all its people",
    description: "Nothing is sent along.",
    permission: "platform:manage",
    headers: ["If-Match"],
    answers: { 200: { description: "With how many people it was.", body: deactivatedOrganization, headers: ["ETag"] } },
    refusals: ["conflict"],
  },
});

const people = "People";
const made = {
  201: {
    description: "As they were made; of an invited person with the way to their invitation, shown this once.",
    body: freshUser,
    headers: ["Idempotent-Replayed"],
  },
} as const;
const asShown = { description: "As they are now.", body: user, headers: ["ETag"] } as const;

export const organizationUsers = resource("/admin/organizations/{id}/users", {
  GET: {
    id: "listUsers",
    tag: people,
    summary: "List the people of an organisation",
    permission: "people:read",
    query: pageQuery,
    answers: { 200: { description: "One page.", body: z.array(user) } },
  },
  POST: {
    id: "createUserOfOrganization",
    tag: people,
    summary: "Make a person of an organisation",
    permission: "people:manage",
    headers: ["Idempotency-Key"],
    body: { schema: newUserBody },
    answers: made,
    refusals: ["conflict"],
  },
});

export const users = resource("/admin/users", {
  POST: {
    id: "createUser",
    tag: people,
    summary: "Make a person of the organisation that the body names, else of one's own",
    permission: "people:manage",
    headers: ["Idempotency-Key"],
    body: { schema: newUserBody },
    answers: made,
    refusals: ["conflict", "not_found"],
  },
});

const change = {
  tag: people,
  permission: "people:manage",
  query: whereQuery,
  headers: ["If-Match"],
  body: { schema: userBody },
  answers: { 200: asShown },
  refusals: ["conflict"],
} as const;

export const oneUser = resource("/admin/users/{id}", {
  GET: {
    id: "getUser",
    tag: people,
    summary: "Read a person",
    permission: "people:read",
    query: whereQuery,
    answers: { 200: asShown },
    refusals: ["conflict"],
  },
  PUT: { id: "replaceUser", summary: "Write a person back as they were read, changed", ...change },
  PATCH: { id: "updateUser", summary: "Change a person", ...change },
  DELETE: {
    id: "deleteUser",
    tag: people,
    summary: "Delete a person",
    description:
      "Their credentials become the heir's: whom `heir_id` names, who then has what was granted to them as well, else the caller's.",
    permission: "people:manage",
    query: leavingQuery,
    answers: { 204: { description: "They are gone." } },
    refusals: ["conflict"],
  },
});

const ownChange = {
  tag: "Profile",
  permission: "profile:update",
  headers: ["If-Match"],
  body: { schema: profileBody },
  answers: { 200: { description: "As it is now.", body: profile, headers: ["ETag"] } },
  refusals: ["conflict"],
} as const;

export const ownProfile = resource("/profile/me", {
  GET: {
    id: "getProfile",
    tag: "Profile",
    summary: "Read oneself",
    permission: "profile:read",
    answers: { 200: { description: "Whoever asks.", body: profile, headers: ["ETag"] } },
  },
  PUT: { id: "replaceProfile", summary: "Change one's own name", ...ownChange },
  PATCH: { id: "updateProfile", summary: "Change one's own name", ...ownChange },
});
