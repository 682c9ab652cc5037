import type { Tone } from "@/components/ui/badge";
import type { AuditAction } from "@/lib/audit/event";

/** Every action of the audit log in words; a new one does not compile until it has some. */
export const actionWords: Record<AuditAction, string> = {
  "credential.created": "Created a credential",
  "credential.imported": "Imported a credential",
  "credential.updated": "Changed a credential",
  "credential.enabled": "Enabled a credential",
  "credential.disabled": "Disabled a credential",
  "credential.deleted": "Deleted a credential",
  "credential.tested": "Tested a credential",
  "credential.read": "Read a credential",
  "credential.browsed": "Looked through a credential's account",
  "credential.authorized": "Signed in at a provider for a credential",
  "credential.refreshed": "Renewed a credential's access",
  "credential.revoked_at_provider": "Revoked a deleted credential at its provider",
  "secret.fetched": "Fetched a secret",
  "token.read": "Looked at API tokens",
  "token.created": "Created an API token",
  "token.updated": "Changed an API token",
  "token.rotated": "Rotated an API token",
  "token.overlap_ended": "Ended an old API token's overlap",
  "token.revoked": "Revoked an API token",
  "token.used": "Used an API token",
  "service_account.read": "Looked at service accounts",
  "service_account.created": "Created a service account",
  "service_account.updated": "Changed a service account",
  "service_account.deleted": "Deleted a service account",
  "user.read": "Looked at people",
  "user.created": "Created a person",
  "user.updated": "Changed a person",
  "user.enabled": "Let a person in again",
  "user.disabled": "Shut a person out",
  "user.deleted": "Deleted a person",
  "user.invited": "Invited a person",
  "user.invite_accepted": "Accepted an invitation",
  "user.reset_offered": "Made a link for a new password",
  "user.reset_accepted": "Set a new password by link",
  "user.password_changed": "Changed the password",
  "user.signed_in": "Signed in",
  "user.signed_out": "Signed out",
  "user.signed_out_everywhere": "Signed out everywhere",
  "organization.read": "Looked at the organisation",
  "organization.created": "Created the organisation",
  "organization.updated": "Changed the organisation",
  "organization.enabled": "Let an organisation in again",
  "organization.disabled": "Shut an organisation out",
  "organization.deleted": "Deleted an organisation",
  "audit.read": "Read the audit log",
  "audit.exported": "Exported the audit log",
  "key.rotated": "Rotated the key",
};

export const actionWord = (action: string): string =>
  Object.hasOwn(actionWords, action) ? actionWords[action as AuditAction] : action;

export const outcomeTones: Record<string, { word: string; tone: Tone }> = {
  done: { word: "Done", tone: "plain" },
  refused: { word: "Refused", tone: "warn" },
  failed: { word: "Failed", tone: "bad" },
};
