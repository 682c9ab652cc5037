import "server-only";

/**
 * Kinds of credentials that an organisation has made itself. It promises that a definition is stored as it was judged, with its
 * event or not at all; that nothing in one reaches what is the operator's; that what stored credentials keep secret stays secret,
 * and goes where it was stored for; and that nobody learns of another organisation's.
 */
export { createKind, deleteKind, updateKind } from "./change";
export { draftFromOpenApi, draftKind, formOfText, type KindStart } from "./draft";
export { getKind, kindVersions, listKinds, ownKindForm, ownKindForms, ownListings } from "./read";
export { type KindTest, testKind } from "./try-out";
export type { KindVersion, KindView, WrittenKind } from "./view";
