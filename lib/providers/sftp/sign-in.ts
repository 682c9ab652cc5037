import "server-only";
import type { CredentialData } from "../define";
import type { Network } from "../define-connection";
import { StepError } from "../test-run";
import type { SignInMeans } from "./attempts";
import { openPrivateKey } from "./open-key";
import type { SignIn } from "./session";

/** What a credential signs in with. @throws StepFailure for a key that does not open */
export function proofOf(data: CredentialData): SignInMeans {
  if (data.private_key === undefined) return { password: String(data.password) };
  const opened = openPrivateKey(String(data.private_key), passphraseOf(data));
  if (opened.ok) return { key: opened.key, ...(typeof data.password === "string" && { password: data.password }) };
  throw new StepError({
    code: opened.code,
    meaning: `${opened.field === "passphrase" ? "The passphrase" : "The private key"}: ${opened.problem}.`,
    advice: "Correct it and test again.",
    field: opened.field,
    outcome: "failed",
  });
}

export const passphraseOf = (data: CredentialData) =>
  typeof data.passphrase === "string" ? data.passphrase : undefined;

export const signIn = (data: CredentialData, proof: SignInMeans, network: Network): SignIn => ({
  username: String(data.username),
  with: proof,
  ...(typeof data.host_key === "string" ? { pin: data.host_key } : {}),
  legacyAlgorithms: network.sshLegacyAlgorithms,
});
