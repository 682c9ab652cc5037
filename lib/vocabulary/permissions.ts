import type { Right } from "./access";

/**
 * How far an API token may go: "admin" includes "write" includes "read". "all" is everything its owner may do, and is never
 * meant by silence: no scope at all, or a word that is none of these, allows nothing.
 */
export const scopes = ["read", "write", "admin", "all"] as const;
export type Scope = (typeof scopes)[number];

/**
 * What each role may do. An allow list: whatever is not named is refused, a new permission belongs to nobody until
 * somebody writes it here. The second entry of each permission is the token scope it needs. To which credentials it is done, is said by
 * grants (./access).
 */
export const permissions = {
  "credential:list": "read",
  "credential:read": "read",
  "credential:create": "write",
  "credential:update": "write",
  "credential:delete": "write",
  "credential:test": "write",
  /** Take over credentials that another system kept. */
  "credential:import": "admin",
  /** Have the platform make the organisation's database. */
  "managed_database:create": "admin",
  "secret:read": "read",
  "catalog:read": "read",
  /** Ask for access; give, see and take away grants, as far as one manages what they are given over. */
  "access:read": "read",
  "access:manage": "admin",
  /** Say who is in which group. */
  "group:read": "read",
  "group:manage": "admin",
  /** Make and change kinds of credentials of the organisation's own. */
  "kind:manage": "admin",
  /** The register of uses: which flows name which credentials. */
  "plugin_instance:read": "read",
  "plugin_instance:write": "write",
  /** Change or take out what somebody else registered. */
  "plugin_instance:write_all": "write",
  "audit:read": "read",
  /** Say where the audit log is sent. */
  "audit_stream:manage": "admin",
  "people:read": "read",
  "people:manage": "admin",
  /** Let in what an administrator of the platform has set up here for somebody; an organisation's own to do. */
  "people:confirm": "admin",
  /** Oneself. */
  "profile:read": "read",
  "profile:update": "write",
  "service_account:read": "read",
  "service_account:manage": "admin",
  "token:read": "read",
  "token:manage": "admin",
  /** Make and revoke tokens that act as oneself. */
  "token:manage_own": "admin",
  "organization:read": "read",
  "organization:manage": "admin",
  /** Be answered at the door for programs that look after a whole organisation. */
  "organization:administer": "read",
  /** Limits and the life of organisations: the platform's own work. */
  "platform:manage": "admin",
} as const satisfies Record<string, Exclude<Scope, "all">>;

export type Permission = keyof typeof permissions;

export const userRoles = ["org_admin", "app_user", "auditor", "backoffice"] as const;
export type UserRole = (typeof userRoles)[number];
/**
 * "delegated_admin" is a platform administrator at work in another organisation; "unconfirmed" whoever comes by what such a one
 * has set up, as long as the organisation has not confirmed it. Nobody has these for a role.
 */
export type Role = UserRole | "integration" | "system" | "delegated_admin" | "unconfirmed";

const ownCredentials: Permission[] = [
  "credential:list",
  "credential:read",
  "credential:create",
  "credential:update",
  "credential:delete",
  "credential:test",
  "access:read",
  "access:manage",
  "catalog:read",
  "plugin_instance:read",
  "plugin_instance:write",
  "organization:read",
  "profile:read",
  "profile:update",
  "token:manage_own",
];

const wholeOrganization: Permission[] = [
  ...ownCredentials,
  "plugin_instance:write_all",
  "group:read",
  "group:manage",
  "credential:import",
  "managed_database:create",
  "kind:manage",
  "audit:read",
  "audit_stream:manage",
  "people:read",
  "people:manage",
  "people:confirm",
  "service_account:read",
  "service_account:manage",
  "token:read",
  "token:manage",
  "organization:manage",
  "organization:administer",
];

const granted: Record<Role, ReadonlySet<Permission>> = {
  app_user: new Set(ownCredentials),
  org_admin: new Set(wholeOrganization),
  backoffice: new Set<Permission>([...wholeOrganization, "platform:manage"]),
  auditor: new Set<Permission>([
    "credential:list",
    "credential:read",
    "access:read",
    "group:read",
    "catalog:read",
    "plugin_instance:read",
    "audit:read",
    "people:read",
    "service_account:read",
    "token:read",
    "organization:read",
    "profile:read",
    // One's own name, as one's own password: what the organisation keeps is not changed by it.
    "profile:update",
  ]),
  // The only role that reads plaintext; it cannot create.
  integration: new Set<Permission>([
    "credential:list",
    "credential:read",
    "credential:update",
    "credential:delete",
    "credential:test",
    "secret:read",
    "access:read",
    "catalog:read",
    "plugin_instance:read",
    "plugin_instance:write",
    "plugin_instance:write_all",
  ]),
  // People, programs and tokens of an organisation that is not one's own; nothing of credentials, secrets or their audit.
  delegated_admin: new Set<Permission>([
    "people:read",
    "people:manage",
    "service_account:read",
    "service_account:manage",
    "token:read",
    "token:manage",
    "organization:read",
    "organization:manage",
    "organization:administer",
    "platform:manage",
  ]),
  // It signs in and sees the name of its organisation, so that it can be told what it waits for.
  unconfirmed: new Set<Permission>(["organization:read"]),
  // The command line on the machine itself: it manages, and never reads plaintext.
  system: new Set<Permission>([
    "credential:list",
    "credential:read",
    "credential:import",
    // What it has taken over, whoever owns it.
    "credential:test",
    "access:read",
    "access:manage",
    "group:read",
    "group:manage",
    "audit:read",
    "audit_stream:manage",
    "people:read",
    "people:manage",
    "people:confirm",
    "service_account:read",
    "service_account:manage",
    "token:read",
    "token:manage",
    "organization:read",
    "organization:manage",
    "organization:administer",
    "platform:manage",
  ]),
};

/**
 * What a role is over every credential of its organisation, without a grant. None reads a secret by it; everybody else reaches what
 * they own and what grants give them.
 */
export const rightsOfRole: Partial<Record<Role, readonly Right[]>> = {
  org_admin: ["see", "edit", "manage"],
  backoffice: ["see", "edit", "manage"],
  auditor: ["see"],
  system: ["see", "edit", "manage"],
};

/** True when the role allows it and, for a token, one of its scopes does. A session has none to be asked for: undefined. */
export function hasPermission(role: Role, scopes: readonly Scope[] | undefined, permission: Permission): boolean {
  if (!granted[role]?.has(permission)) return false;
  if (!scopes) return true;
  const needed = permissions[permission];
  return scopes.some((scope) => rank[scope] >= rank[needed]);
}

/** No permission asks for more than "admin", so "all" goes no further today. */
const rank: Record<Scope, number> = { read: 1, write: 2, admin: 3, all: 3 };

/** How far these go together, as a number to compare; words that are no scopes go nowhere. */
export const widest = (held: readonly string[]): number =>
  Math.max(0, ...scopes.filter((scope) => held.includes(scope)).map((scope) => rank[scope]));
