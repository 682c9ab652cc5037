import { resource } from "@/lib/api/wire/operation";
import { role, roleAssignment, userPermissions } from "../schemas/authorization";
import {
  graphQuery,
  listOf,
  listQuery,
  numberedPageOf,
  numberedQuery,
  pageOf,
  pageQuery,
  roleQuery,
  searchBody,
} from "../schemas/list";
import { user, userBody } from "../schemas/tenant";

const tag = "Users";
const read = ["organization:administer", "people:read"] as const;
const manage = ["organization:administer", "people:manage"] as const;
const shown = { description: "As they are now.", body: user, headers: ["ETag"] } as const;

export const users = resource("/v1.0/tenants/{tenant}/users", {
  GET: {
    id: "listUsers",
    tag,
    summary: "List the users of a tenant",
    permission: read,
    query: listQuery,
    answers: { 200: { description: "An array, or a page.", body: listOf(user) } },
  },
  PUT: {
    id: "createUser",
    tag,
    summary: "Make a user",
    permission: manage,
    headers: ["Idempotency-Key"],
    body: { schema: userBody },
    answers: { 200: { description: "As they were made.", body: user, headers: ["ETag", "Idempotent-Replayed"] } },
    refusals: ["conflict"],
  },
});

export const oneUser = resource("/v1.0/tenants/{tenant}/users/{user}", {
  GET: {
    id: "getUser",
    tag,
    summary: "Read a user; everybody may read their own record",
    permission: read,
    answers: { 200: shown },
  },
  PUT: {
    id: "updateUser",
    tag,
    summary: "Replace a user; of one's own record names and password",
    permission: manage,
    headers: ["If-Match"],
    body: { schema: userBody },
    answers: { 200: shown },
    refusals: ["conflict"],
  },
  DELETE: {
    id: "deleteUser",
    tag,
    summary: "Delete a user",
    description: "Deleting who is not there is no error.",
    permission: manage,
    answers: { 200: { description: "They are gone." } },
    refusals: ["conflict"],
  },
});

export const userPages = resource("/v2.0/tenants/{tenant}/users", {
  GET: {
    id: "enumerateUsers",
    tag,
    summary: "Read users page by page, by parameters",
    permission: read,
    query: pageQuery,
    answers: { 200: { description: "A page.", body: pageOf(user) } },
  },
  POST: {
    id: "searchUsers",
    tag,
    summary: "Read users page by page, by a body",
    permission: read,
    body: { schema: searchBody },
    answers: { 200: { description: "A page.", body: pageOf(user) } },
  },
});

const roles = "Roles";
const told = (id: string) => ({ id, tag: roles, summary: "Roles are fixed here: refused", answers: {} }) as const;

export const permissionsOfUser = resource("/v1.0/tenants/{tenant}/users/{user}/permissions", {
  GET: {
    id: "getUserPermissions",
    tag: roles,
    summary: "Tell what a user may do here",
    permission: read,
    query: graphQuery,
    answers: { 200: { description: "What they may do.", body: userPermissions } },
  },
});

export const rolesOfUser = resource("/v1.0/tenants/{tenant}/users/{user}/roles", {
  GET: {
    id: "listUserRoles",
    tag: roles,
    summary: "List the role of a user, as an assignment",
    permission: read,
    query: numberedQuery,
    answers: { 200: { description: "A page.", body: numberedPageOf(roleAssignment) } },
  },
  PUT: told("createUserRole"),
  DELETE: told("deleteUserRoles"),
});

export const roleOfUser = resource("/v1.0/tenants/{tenant}/users/{user}/roles/{assignment}", {
  GET: {
    id: "getUserRole",
    tag: roles,
    summary: "Read a role assignment",
    permission: read,
    answers: { 200: { description: "The assignment.", body: roleAssignment } },
  },
  PUT: told("updateUserRole"),
  DELETE: told("deleteUserRole"),
});

export const tenantRoles = resource("/v1.0/tenants/{tenant}/roles", {
  GET: {
    id: "listRoles",
    tag: roles,
    summary: "List the roles that there are",
    permission: "organization:administer",
    query: roleQuery,
    answers: { 200: { description: "A page.", body: numberedPageOf(role) } },
  },
  PUT: told("createRole"),
  DELETE: told("deleteRoles"),
});

export const oneRole = resource("/v1.0/tenants/{tenant}/roles/{role}", {
  GET: {
    id: "getRole",
    tag: roles,
    summary: "Read a role",
    permission: "organization:administer",
    answers: { 200: { description: "The role.", body: role } },
  },
  PUT: told("updateRole"),
  DELETE: told("deleteRole"),
});
