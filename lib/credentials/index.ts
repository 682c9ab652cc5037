import "server-only";

export type {
  CredentialPage,
  CredentialQuery,
  CredentialStatus,
  CredentialView,
  Facets,
  RotationStep,
  RotationView,
  StoredTest,
  Usage,
} from "@/lib/vocabulary/credential-view";
/**
 * The core: what can be done with a credential, by whom. It promises that a change and its audit event are stored
 * together or not at all, that a secret leaves only through `fetchSecret`, that a stored secret is never sent to a
 * destination it was not stored for, and that nobody learns whether another organisation's credential exists.
 */
export { catalog } from "./catalog";
export { missingSettings } from "./connect/clients";
export {
  type AuthorizationAnswer,
  type AuthorizationEnding,
  type FinishedAuthorization,
  finishAuthorization,
} from "./connect/finish";
export { renewCredential } from "./connect/renew-ahead";
export { type AuthorizationRequest, type StartedAuthorization, startAuthorization } from "./connect/start";
export { createCredential } from "./create";
export {
  type DriveFolder,
  type DriveItem,
  type DriveItemOptions,
  type DriveItemPage,
  type DriveItemQuery,
  listDriveFolders,
  listPlaces,
} from "./drive-items";
export { credentialFacets, kindsNamed } from "./facets";
export { type FetchedSecret, fetchSecret } from "./fetch";
export { importCredentials } from "./import";
export type { ImportOptions, ImportVerdict, IncomingCredential } from "./import-input";
export type { CredentialChange, DataChange, NameClash, NewCredential, StoredKind, TestRequest } from "./input";
export { listCredentials } from "./list";
export { credentialPages } from "./list-pages";
export { createManagedDatabase } from "./managed-database";
export { type ChangeNote, credentialChangesSince, credentialIdOf, getCredential, isDamaged } from "./read";
export { deleteCredential } from "./remove";
export { callOffRotation, credentialRotation, type RotateOptions, rotateCredential } from "./rotate";
export { credentialTests, type TestResult, testCredential } from "./tests";
export { updateCredential } from "./update";
export { credentialUsage } from "./usage";
