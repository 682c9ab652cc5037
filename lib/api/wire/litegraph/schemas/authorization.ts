import { z } from "zod";
import { guid, stamps } from "./fields";

/** Roles, assignments, scopes and effective permissions, told from ours. */
const words = z.array(z.enum(["Read", "Write", "Delete", "Admin"]));
const types = z.array(z.string());
const tenantWide = z.literal("Tenant");

export const role = z
  .strictObject({
    GUID: guid,
    Name: z.string(),
    DisplayName: z.string(),
    Description: z.string(),
    BuiltIn: z.literal(true),
    BuiltInRole: z.enum(["TenantAdmin", "Viewer", "Custom"]),
    ResourceScope: tenantWide,
    Permissions: words,
    ResourceTypes: types,
    InheritsToGraphs: z.literal(false),
    ...stamps,
  })
  .meta({ id: "Role" });
export type RoleShown = z.output<typeof role>;

export const roleAssignment = z
  .strictObject({
    GUID: guid,
    TenantGUID: guid,
    UserGUID: guid,
    RoleGUID: guid,
    RoleName: z.string(),
    ResourceScope: tenantWide,
    ...stamps,
  })
  .meta({ id: "UserRoleAssignment" });
export type RoleAssignment = z.output<typeof roleAssignment>;

export const scopeAssignment = z
  .strictObject({
    GUID: guid,
    TenantGUID: guid,
    CredentialGUID: guid,
    ResourceScope: tenantWide,
    Permissions: words,
    ResourceTypes: types,
    ...stamps,
  })
  .meta({ id: "CredentialScopeAssignment" });
export type ScopeAssignment = z.output<typeof scopeAssignment>;

const grant = z.strictObject({
  Source: z.enum(["UserRole", "CredentialScope"]),
  AssignmentGUID: guid,
  RoleGUID: guid,
  RoleName: z.string(),
  ResourceScope: tenantWide,
  Permissions: words,
  ResourceTypes: types,
  InheritsToGraphs: z.literal(false),
  AppliesToRequestedGraph: z.boolean(),
});
const effective = {
  GraphGUID: guid.optional(),
  Grants: z.array(grant),
  UserRoleAssignments: z.array(roleAssignment),
  CredentialScopeAssignments: z.array(scopeAssignment),
  Roles: z.array(role),
};
export const userPermissions = z
  .strictObject({ TenantGUID: guid, UserGUID: guid, ...effective })
  .meta({ id: "UserPermissions" });
export type UserPermissions = z.output<typeof userPermissions>;
export const credentialPermissions = z
  .strictObject({ TenantGUID: guid, CredentialGUID: guid, ...effective })
  .meta({ id: "CredentialPermissions" });
export type CredentialPermissions = z.output<typeof credentialPermissions>;
