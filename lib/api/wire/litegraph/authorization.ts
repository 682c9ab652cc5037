import { v5 as uuidv5 } from "uuid";
import type { UserView } from "@/lib/identity";
import type { TokenView } from "@/lib/identity/tokens";
import { notFound } from "@/lib/platform/refusal";
import { hasPermission, type Permission, type Role, type Scope, userRoles } from "@/lib/vocabulary/permissions";
import { time } from "./present";
import type {
  CredentialPermissions,
  RoleAssignment,
  RoleShown,
  ScopeAssignment,
  UserPermissions,
} from "./schemas/authorization";

/**
 * LiteGraph's roles, assignments, scopes and effective permissions (since its 6.0), told from ours. They speak of what can be done
 * at this door alone: of the resources that LiteGraph knows, there are tenants, users and credentials here, which it calls "Admin".
 * A person has one role, and a credential the scopes of its own field, so each is at most one assignment.
 */
const permissions = {
  Read: "organization:administer",
  Write: "people:manage",
  Delete: "people:manage",
  Admin: "people:manage",
} as const satisfies Record<string, Permission>;
type Word = keyof typeof permissions;

/** What these come to at this door: nothing of it without the right to be answered here at all. */
function permittedTo(role: Role, scopes?: readonly Scope[]): Word[] {
  if (!hasPermission(role, scopes, permissions.Read)) return [];
  return (Object.keys(permissions) as Word[]).filter((word) => hasPermission(role, scopes, permissions[word]));
}

const roleWords = {
  backoffice: ["Platform administrator", "Looks after every tenant.", "TenantAdmin"],
  org_admin: ["Administrator", "Looks after the tenant, its users and credentials.", "TenantAdmin"],
  auditor: ["Auditor", "Reads what is kept and the audit log in the console; may do nothing here.", "Viewer"],
  app_user: ["Member", "Keeps credentials of other systems in the console; may do nothing here.", "Custom"],
  integration: ["Service account", "A program that fetches what is kept; may do nothing here.", "Custom"],
} as const;
type ShownRole = keyof typeof roleWords;
const shownRoles: ShownRole[] = [...userRoles, "integration"];

const NAMES = "b0a5c5f4-6f0e-5d0c-9a54-5f7f6f1d5c0e";
const idOf = (...parts: string[]) => uuidv5(parts.join("/"), NAMES);
/** Roles are as old as the product. */
const SINCE = "2026-11-22T00:00:00.000000Z";

const roleOf = (name: ShownRole): RoleShown => {
  const [DisplayName, Description, BuiltInRole] = roleWords[name];
  const Permissions = permittedTo(name);
  return {
    GUID: idOf("role", name),
    Name: name,
    DisplayName,
    Description,
    BuiltIn: true,
    BuiltInRole,
    ResourceScope: "Tenant",
    Permissions,
    ResourceTypes: typesOf(Permissions),
    InheritsToGraphs: false,
    CreatedUtc: SINCE,
    LastUpdateUtc: SINCE,
  };
};

const typesOf = (held: Word[]): string[] => (held.length > 0 ? ["Admin"] : []);

export const roles = () => shownRoles.map(roleOf);

/** @throws Refusal "not_found" */
export function oneOf<T extends { GUID: string }>(all: T[], guid: string): T {
  const found = all.find(({ GUID }) => GUID === guid);
  if (!found) throw notFound();
  return found;
}

/** The role a user has, as the one assignment that it is. */
export const userRoleAssignments = ({ id, orgId, role, createdAt, updatedAt }: UserView): RoleAssignment[] => [
  {
    GUID: idOf("user-role", id),
    TenantGUID: orgId,
    UserGUID: id,
    RoleGUID: idOf("role", role),
    RoleName: role,
    ResourceScope: "Tenant",
    CreatedUtc: time(createdAt),
    LastUpdateUtc: time(updatedAt),
  },
];

/** The scopes of a credential, as an assignment; none where it may do all that its owner may, which is what none means there. */
export function credentialScopeAssignments(view: TokenView, tenantGuid: string, owner: ShownRole): ScopeAssignment[] {
  const scopes = view.scopes as Scope[];
  if (scopes.includes("all")) return [];
  const Permissions = permittedTo(owner, scopes);
  return [
    {
      GUID: idOf("credential-scope", view.id),
      TenantGUID: tenantGuid,
      CredentialGUID: view.id,
      ResourceScope: "Tenant",
      Permissions,
      ResourceTypes: typesOf(Permissions),
      CreatedUtc: time(view.createdAt),
      LastUpdateUtc: time(view.updatedAt),
    },
  ];
}

/** What a user may do here now: nothing while shut out, or while waiting for the tenant's confirmation. */
export function userPermissions(view: UserView, graph: string | undefined): UserPermissions {
  const works = view.status !== "inactive" && !view.unconfirmed;
  const [assignment] = userRoleAssignments(view);
  return {
    TenantGUID: view.orgId,
    UserGUID: view.id,
    ...(graph && { GraphGUID: graph }),
    Grants: grants("UserRole", assignment?.GUID, view.role, works ? permittedTo(view.role) : [], graph),
    UserRoleAssignments: assignment ? [assignment] : [],
    CredentialScopeAssignments: [],
    Roles: [roleOf(view.role)],
  };
}

/** @param owner the person it acts as; undefined for a service account */
export function credentialPermissions(
  view: TokenView,
  tenantGuid: string,
  owner: UserView | undefined,
  graph?: string,
): CredentialPermissions {
  const role = owner?.role ?? "integration";
  const works = view.status === "active" && (!owner || (owner.status !== "inactive" && !owner.unconfirmed));
  const assignments = credentialScopeAssignments(view, tenantGuid, role);
  const held = works ? permittedTo(role, view.scopes as Scope[]) : [];
  const guid = assignments[0]?.GUID ?? idOf("credential-scope", view.id);
  return {
    TenantGUID: tenantGuid,
    CredentialGUID: view.id,
    ...(graph && { GraphGUID: graph }),
    Grants: grants("CredentialScope", guid, role, held, graph),
    UserRoleAssignments: owner ? userRoleAssignments(owner) : [],
    CredentialScopeAssignments: assignments,
    Roles: [roleOf(role)],
  };
}

type Grant = UserPermissions["Grants"][number];

/** One grant, or none where nothing is permitted. There are no graphs here that one could apply to. */
const grants = (
  source: Grant["Source"],
  guid: string | undefined,
  role: ShownRole,
  held: Word[],
  graph: string | undefined,
): Grant[] =>
  held.length === 0 || guid === undefined
    ? []
    : [
        {
          Source: source,
          AssignmentGUID: guid,
          RoleGUID: idOf("role", role),
          RoleName: role,
          ResourceScope: "Tenant",
          Permissions: held,
          ResourceTypes: typesOf(held),
          InheritsToGraphs: false,
          AppliesToRequestedGraph: graph === undefined,
        },
      ];

/** Its lists of these number their pages, from nought; the fields of its other pages stand beside. */
export function numberedPage<T>(all: T[], query: URLSearchParams) {
  const page = numberIn(query.get("page"), 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const size = numberIn(query.get("pageSize") ?? query.get("max-keys") ?? query.get("maxKeys"), 1, 1_000) ?? 100;
  const objects = all.slice(page * size, (page + 1) * size);
  const remaining = Math.max(0, all.length - (page + 1) * size);
  return {
    Success: true as const,
    MaxResults: size,
    EndOfResults: remaining === 0,
    TotalRecords: all.length,
    RecordsRemaining: remaining,
    Page: page,
    PageSize: size,
    TotalCount: all.length,
    TotalPages: Math.ceil(all.length / size),
    Objects: objects,
  };
}

/** What is no such number counts as left out, as it does there. */
function numberIn(given: string | null, least: number, most: number): number | undefined {
  const number = given !== null && /^\d{1,9}$/.test(given) ? Number(given) : undefined;
  return number !== undefined && number >= least && number <= most ? number : undefined;
}

/** Roles that fit what is asked for; a word that nothing has finds nothing. */
export function rolesLike(query: URLSearchParams) {
  const is = (name: string, fits: (word: string, role: ReturnType<typeof roleOf>) => boolean) => {
    const word = query.get(name)?.toLowerCase();
    return (role: ReturnType<typeof roleOf>) => !word || fits(word, role);
  };
  const among = (words: readonly string[], word: string) => words.some((one) => one.toLowerCase() === word);
  const filters = [
    is("name", (word, role) => role.Name === word),
    is("builtIn", (word) => word !== "false"),
    is("builtInRole", (word, role) => role.BuiltInRole.toLowerCase() === word),
    is("resourceScope", (word) => word === "tenant"),
    is("permission", (word, role) => among(role.Permissions, word)),
    is("resourceType", (word, role) => among(role.ResourceTypes, word)),
  ];
  return roles().filter((role) => filters.every((fits) => fits(role)));
}
