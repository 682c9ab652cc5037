import "server-only";

/**
 * Who did what. It promises that a change and its event are stored together or not at all, that a secret's fetch is
 * on record before it is answered, and that an edit of the log can be shown. It never holds a value of a secret.
 */
export type { AuditAction, AuditEntry, AuditTarget } from "@/lib/vocabulary/audit-event";
export { type Miss, type Write, type WriteOutcome, writeWithEvent } from "./audit-writer";
export { beginChain, lockOrganization, record, recordAlone } from "./record";
export { wasIdUsed } from "./was-id-used";
export { recordRefusal, withAuthorization } from "./with-authorization";
