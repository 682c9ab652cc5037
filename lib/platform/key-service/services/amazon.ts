import "server-only";
import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { KeyServiceFailure, kindOfStatus, wordOf } from "../failure";
import type { KeyService } from "../service";

/**
 * AWS KMS, by Amazon's client: the key is an ARN, whose region it is asked in, a key's id or an alias. Who we are, the client finds
 * out as everywhere on AWS (AWS_ACCESS_KEY_ID, a web identity, the container's or the machine's role).
 */
export const amazon: KeyService = {
  wrap: async (key, bytes) =>
    part(
      (await answered(clientFor(key).send(new EncryptCommand({ KeyId: key, Plaintext: bytes, ...CONTEXT }))))
        .CiphertextBlob,
    ),
  unwrap: async (key, bytes) =>
    part(
      (await answered(clientFor(key).send(new DecryptCommand({ KeyId: key, CiphertextBlob: bytes, ...CONTEXT }))))
        .Plaintext,
    ),
};

/** Bound in, and on record at Amazon: a policy may ask for it. */
const CONTEXT = { EncryptionContext: { application: "latchkey" } };

function clientFor(key: string): KMSClient {
  const region = /^arn:[^:]+:kms:([a-z0-9-]+):/.exec(key)?.[1];
  return new KMSClient({ ...(region && { region }), maxAttempts: 2 });
}

function part(bytes: Uint8Array | undefined): Uint8Array {
  if (!bytes) throw new KeyServiceFailure("unreachable", "empty_answer");
  return bytes;
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    // Nothing to sign in with, or no region: nobody was asked, and asking again changes nothing.
    if (name === "CredentialsProviderError" || /region/i.test(String((error as Error).message)))
      throw new KeyServiceFailure("refused", "not_configured");
    const status = $metadata?.httpStatusCode;
    if (status === undefined)
      throw new KeyServiceFailure("unreachable", wordOf((error as { code?: unknown }).code ?? name));
    throw new KeyServiceFailure(name === "ThrottlingException" ? "unreachable" : kindOfStatus(status), wordOf(name));
  }
}
