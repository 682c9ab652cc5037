import "server-only";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { CONNECTION_LOST, streamProblem } from "../stream-problems";
import type { Problem } from "../test-run";
import type { FirstWords } from "./first-words";

/**
 * Turns what the SSH library reports into fixed words. Its messages are looked at, never passed on. `proven` says that
 * the other side has shown to speak SSH; before that, whatever is wrong with its words is that they are not SSH.
 */
export function sessionProblem(
  { stream, words, proven }: { stream: OpenStream; words: FirstWords | undefined; proven: boolean },
  error: unknown,
): Problem {
  if (words?.turnsAway) return SERVER_BUSY;
  const broken = streamProblem(stream, error);
  if (broken) return broken;
  const reason = disconnectReason(error);
  if (reason !== undefined) return BY_REASON[reason] ?? CONNECTION_LOST;
  const message = error instanceof Error ? error.message : "";
  if (message.startsWith("Handshake failed: no matching")) return NO_COMMON_ALGORITHM;
  if (!proven && stream.silent) return CLOSED_AT_ONCE;
  const isOnlyClosed = error === undefined && words?.namesSsh === true;
  return proven || isOnlyClosed ? CONNECTION_LOST : NOT_SSH;
}

/** The number of RFC 4253, section 11.1, where the server said goodbye with one. */
function disconnectReason(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "number" ? code : undefined;
}

/**
 * Whether the server said goodbye because too much was refused: by the reason of its own, or, as OpenSSH does, by the one for
 * a breach of the protocol.
 */
export const isCutForRefusals = (error: unknown): boolean =>
  disconnectReason(error) === NO_MORE_METHODS ||
  (disconnectReason(error) === PROTOCOL_ERROR && /too many authentication/i.test((error as Error).message));

const PROTOCOL_ERROR = 2;
const NO_MORE_METHODS = 14;

const NOT_SSH: Problem = {
  code: "not_ssh",
  meaning: "What answers at this port does not speak SSH.",
  advice: "Check the port: SFTP runs over SSH, usually on port 22. Plain FTP and FTPS are something else.",
  field: "port",
  outcome: "failed",
};

const SERVER_BUSY: Problem = {
  code: "server_busy",
  meaning:
    "The server takes no further connection just now: it is busy, or it turns away this installation's address for a while, as some do after failed sign-ins.",
  advice:
    "Try again in a few minutes. If it stays, whoever runs the server can look at its limits (in OpenSSH, MaxStartups and PerSourcePenalties).",
  outcome: "unreachable",
};

const CLOSED_AT_ONCE: Problem = {
  code: CONNECTION_LOST.code,
  meaning:
    "The other side closed the connection before it said anything: a server that is busy, or turns an address away, may do so.",
  advice: "Try again in a few minutes; if it stays, check the port, and look at the server's own log at this time.",
  outcome: "unreachable",
};

const ADDRESS_REFUSED: Problem = {
  code: "address_refused",
  meaning: "The server takes no connection from the address that this installation has.",
  advice: "Whoever runs the server must allow it there.",
  field: "host",
  outcome: "failed",
};

const BY_REASON: Record<number, Problem> = {
  1: ADDRESS_REFUSED,
  7: SERVER_BUSY,
  12: SERVER_BUSY,
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

export const NO_SFTP: Problem = {
  code: "no_sftp",
  meaning: "Signing in works, but the server does not offer SFTP to this user.",
  advice: "Switch on the SFTP subsystem on the server, or use another user.",
  field: "username",
  outcome: "failed",
};
