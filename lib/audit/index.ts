import "server-only";

/**
 * Who did what. It promises that a change and its event are stored together or not at all, that a secret's fetch is
 * on record before it is answered, and that an edit of the log can be shown. It never holds a value of a secret.
 */
export type { AuditAction, AuditEntry, AuditTarget } from "./event";
export { commit, type Miss, type Write, type WriteOutcome } from "./journal";
export { isKnown } from "./known";
export { permitted, recordRefusal } from "./permitted";
export { beginChain, lockOrganization, record, recordAlone } from "./record";
