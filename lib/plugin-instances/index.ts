import "server-only";

/**
 * The register of uses: which task of which flow works with which credential, as the systems say that run the flows. Nothing
 * is executed from here. It promises that an entry outlives the credential that it names, that a change and its event are
 * stored together or not at all, and that whoever sees some credentials alone sees the uses of those alone.
 */
export { listCredentialsWithUses } from "./count";
export { getInstance, listInstances, usesOfCredential, usesOfDeletedCredentials } from "./read";
export { deleteInstance, registerInstance, updateInstance } from "./register";
export type {
  BrokenUse,
  CredentialsWithUses,
  CredentialWithUses,
  InstanceChange,
  InstanceQuery,
  InstanceView,
  NewInstance,
} from "./view";
