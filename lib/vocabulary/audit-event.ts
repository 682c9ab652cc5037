/** The whole vocabulary of the audit log. A closed list: the page's filter and the documentation are made from it. */
export const auditActions = [
  "credential.created",
  "credential.imported",
  "credential.updated",
  "credential.enabled",
  "credential.disabled",
  "credential.deleted",
  "credential.tested",
  "credential.read",
  "credential.browsed",
  "credential.authorized",
  "credential.refreshed",
  "credential.revoked_at_provider",
  "credential.rotation_begun",
  "credential.rotated",
  "credential.rotation_undone",
  "credential.rotation_called_off",
  "database.created",
  "secret.fetched",
  "plugin_instance.read",
  "plugin_instance.created",
  "plugin_instance.updated",
  "plugin_instance.deleted",
  "kind.read",
  "kind.created",
  "kind.updated",
  "kind.deleted",
  "token.read",
  "token.created",
  "token.updated",
  "token.confirmed",
  "token.rotated",
  "token.overlap_ended",
  "token.revoked",
  "token.used",
  "service_account.read",
  "service_account.created",
  "service_account.updated",
  "service_account.deleted",
  "user.read",
  "user.created",
  "user.updated",
  "user.enabled",
  "user.disabled",
  "user.deleted",
  "user.invited",
  "user.invite_accepted",
  "user.reset_offered",
  "user.reset_accepted",
  "user.link_withdrawn",
  "user.confirmed",
  "user.password_changed",
  "user.password_confirmed",
  "user.signed_in",
  "user.signed_out",
  "user.signed_out_everywhere",
  "user.unblocked",
  "organization.read",
  "organization.created",
  "organization.updated",
  "organization.enabled",
  "organization.disabled",
  "organization.deleted",
  "access.read",
  "access.granted",
  "access.taken_away",
  "access.narrowed",
  "access.asked",
  "access.answered",
  "access.withdrawn",
  "group.read",
  "group.created",
  "group.updated",
  "group.deleted",
  "audit.read",
  "audit.exported",
  "audit_stream.read",
  "audit_stream.created",
  "audit_stream.updated",
  "audit_stream.paused",
  "audit_stream.resumed",
  "audit_stream.deleted",
  "audit_stream.tested",
  "audit.expired",
  "audit.carried_forward",
  "key.rotated",
] as const;

export type AuditAction = (typeof auditActions)[number];
export const auditOutcomes = ["done", "refused", "failed"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

export interface AuditTarget {
  type:
    | "credential"
    | "plugin_instance"
    | "kind"
    | "api_token"
    | "service_account"
    | "user"
    | "group"
    | "organization"
    | "audit_log"
    | "audit_stream"
    | "key";
  id: string;
  name?: string;
}

/** What happened. Names of fields, never their values; nothing made from a secret but the hash of its ciphertext. */
export interface AuditEntry {
  action: AuditAction;
  outcome?: AuditOutcome;
  /** A fixed code: why it was refused or failed, or by what it came to be done. */
  reason?: string;
  target?: AuditTarget;
  fields?: string[];
  version?: number;
  keyId?: string;
  sealedHash?: Buffer;
}
