import type { Tone } from "@/components/ui/badge";
import type { LinkKind, UserView } from "@/lib/identity";
import type { Role, UserRole } from "@/lib/vocabulary/permissions";

export const roleLabels: Record<Role, string> = {
  org_admin: "Administrator",
  app_user: "User",
  auditor: "Auditor",
  backoffice: "Platform administrator",
  integration: "Service account",
  system: "System",
  delegated_admin: "Platform administrator at work elsewhere",
  unconfirmed: "Waiting for confirmation",
};

/** What a role is for, in one line. */
export const roleMeaning: Record<UserRole, string> = {
  org_admin: "Looks after everything of the organisation",
  app_user: "Looks after their own credentials",
  auditor: "Looks at everything and the audit log, changes nothing",
  backoffice: "Makes organisations, sets their limits, and sees no credential of theirs",
};

export const personStatuses = ["active", "pending", "unconfirmed", "inactive"] as const;
export type PersonStatus = (typeof personStatuses)[number];

/** What is to be known of somebody first: who could come in but still waits for a confirmation can do nothing. */
export const statusOf = ({ status, unconfirmed }: Pick<UserView, "status" | "unconfirmed">): PersonStatus =>
  unconfirmed && status === "active" ? "unconfirmed" : status;

export const statusLabels: Record<PersonStatus, { word: string; tone: Tone }> = {
  active: { word: "Active", tone: "good" },
  unconfirmed: { word: roleLabels.unconfirmed, tone: "warn" },
  pending: { word: "Pending", tone: "accent" },
  inactive: { word: "Inactive", tone: "plain" },
};

export const linkLabels: Record<LinkKind, string> = { invite: "Invitation", reset: "New password" };
