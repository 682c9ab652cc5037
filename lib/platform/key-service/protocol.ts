/** What the process that holds the keys and the one that asks a key service tell each other. */

/** The kinds of key services, by the words that a wrapped key and the command line use. */
export const keyServices = ["aws-kms", "google-kms", "azure-key-vault", "vault-transit", "pkcs11"] as const;
export type KeyServiceName = (typeof keyServices)[number];

export interface Errand {
  act: "wrap" | "unwrap";
  by: KeyServiceName;
  /** The service's key, as the service names it. */
  key: string;
  /** What is to be wrapped or unwrapped, in base64. */
  bytes: string;
}

/** Refused: the service has answered, and not done it. Unreachable: nobody knows. */
export type FailureKind = "refused" | "unreachable";

export type Return =
  | { kind: "done" /** In base64. */; bytes: string }
  | { kind: FailureKind /** The service's own word for it, where it is one of a closed set. */; code: string };
