import "server-only";
import type { OpenStream } from "@/lib/net/open-stream";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import type { Problem } from "../trail";

/**
 * Turns what the SSH library reports into fixed words. Its messages are looked at, never passed on. `proven` says that
 * the other side has shown to speak SSH; before that, whatever is wrong with its words is that they are not SSH.
 */
export function sessionProblem(stream: OpenStream, error: unknown, proven: boolean): Problem {
  const broken = streamProblem(stream, error);
  if (broken) return broken;
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("Handshake failed: no matching")) return NO_COMMON_ALGORITHM;
  return proven || stream.silent ? CONNECTION_LOST : NOT_SSH;
}

const NOT_SSH: Problem = {
  code: "not_ssh",
  meaning: "What answers at this port does not speak SSH.",
  advice: "Check the port: SFTP runs over SSH, usually on port 22. Plain FTP and FTPS are something else.",
  field: "port",
  outcome: "failed",
};

const NO_COMMON_ALGORITHM: Problem = {
  code: "no_common_algorithm",
  meaning: "The server offers only encryption that is no longer considered safe.",
  advice: "Update the server. If that is impossible, whoever runs Latchkey can set SSH_LEGACY_ALGORITHMS=true.",
  outcome: "failed",
};

/** Shows both keys: the admin decides which of the two is right. */
export const hostKeyMismatch = (seen: readonly string[]): Problem => ({
  code: "host_key_mismatch",
  meaning: `The server showed another key than the one remembered: ${seen.join(", ")}. Nothing was sent to it.`,
  advice: "Ask whoever runs the server whether its key was changed. Only if it was, enter this key as the host key.",
  field: "host_key",
  outcome: "failed",
});

export const SHA1_SIGNATURE: Problem = {
  code: "no_common_algorithm",
  meaning:
    "The server knows this key, but accepts only a signature that is no longer considered safe (ssh-rsa, with SHA-1).",
  advice:
    "Use an Ed25519 key, or let the server accept rsa-sha2-256 or rsa-sha2-512. If both are impossible, whoever runs Latchkey can set SSH_LEGACY_ALGORITHMS=true.",
  field: "private_key",
  outcome: "failed",
};

/** What the server said about the one attempt that was made. */
export interface Rejection {
  tried: "password" | "publickey";
  /** The methods that the server would still take, by SSH's names; undefined when it cut the connection instead. */
  accepts: string[] | undefined;
  /** The attempt was right, but is not enough. */
  partial: boolean;
}

export function rejectionProblem({ tried, accepts, partial }: Rejection): Problem {
  if (partial) return FURTHER_FACTOR;
  if (accepts && !accepts.includes(tried)) return tried === "password" ? noPassword(accepts) : NO_KEYS;
  return tried === "password" ? WRONG_PASSWORD : WRONG_KEY;
}

const WRONG_PASSWORD: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and password.",
  advice: "Check both. A server does not say which of the two is wrong, nor whether the account is locked.",
  field: "password",
  outcome: "failed",
};

const WRONG_KEY: Problem = {
  code: "wrong_credentials",
  meaning: "The server refused this user name and key.",
  advice:
    "Check the user name, that the key's public half is in that user's authorized_keys, and that the server takes keys of its type.",
  field: "private_key",
  outcome: "failed",
};

const FURTHER_FACTOR: Problem = {
  code: "further_factor_required",
  meaning: "The server accepted this, and asks for a further factor, which a program cannot give.",
  advice: "Use an account that signs in with one factor.",
  outcome: "failed",
};

const NO_KEYS: Problem = {
  code: "method_not_accepted",
  meaning: "The server does not let this user sign in with a key.",
  advice: "Allow public keys on the server, or use a password.",
  field: "username",
  outcome: "failed",
};

const noPassword = (accepts: string[]): Problem => ({
  code: "method_not_accepted",
  meaning: accepts.includes("keyboard-interactive")
    ? "The server asks for the password in a dialogue (keyboard-interactive), which is switched off here."
    : "The server does not let this user sign in with a password.",
  advice: "Allow password sign-in on the server, or use a private key.",
  field: "password",
  outcome: "failed",
});

export const PASSWORD_EXPIRED: Problem = {
  code: "password_expired",
  meaning: "The password is right but expired: the server asks for a new one.",
  advice: "Change the password on the server, then enter the new one here.",
  field: "password",
  outcome: "failed",
};

export const NO_SFTP: Problem = {
  code: "no_sftp",
  meaning: "Signing in works, but the server does not offer SFTP to this user.",
  advice: "Switch on the SFTP subsystem on the server, or use another user.",
  field: "username",
  outcome: "failed",
};
