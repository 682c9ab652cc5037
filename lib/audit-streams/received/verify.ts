import "server-only";
import type { KeyObject } from "node:crypto";
import { hashOf } from "@/lib/platform/audit/chain";
import { eventIn } from "../line";
import { isSealedBy, sealIn } from "../seal";
import { type Message, messagesIn } from "./lines";
import { ReceivedLog, type ReceivedVerdict } from "./organization";

export interface ReceivedReport {
  /** Nothing is wrong, and there is something to say that of. */
  isSound: boolean;
  organizations: ReceivedVerdict[];
  /** Lines that say that they are of an audit log, and are none. */
  unreadable: number;
}

/**
 * What receivers keep of audit logs, whoever's: each event in it is judged by the seal of its batch, and by its place in its chain. The
 * order in the files means nothing, nor does it that something is there twice.
 * @param isKeyHeld whether this process has the key of the chains as well: then each event's own hash is made anew
 */
export async function verifyReceived(
  files: readonly string[],
  { publicKey, isKeyHeld }: { publicKey: KeyObject; isKeyHeld: boolean },
): Promise<ReceivedReport> {
  const logs = new Map<string, ReceivedLog>();
  let unreadable = 0;
  for (const file of files) {
    for await (const message of messagesIn(file)) {
      if (isTest(message)) continue;
      if (!take(message)) unreadable++;
    }
  }
  const organizations = [...logs.values()].map((log) => log.verdict());
  const isAllWell = organizations.every(({ problems }) => problems.length === 0) && unreadable === 0;
  return { isSound: isAllWell && organizations.some(({ events }) => events > 0), organizations, unreadable };

  function take(message: Message): boolean {
    const event = eventIn(message);
    if (event) {
      logOf(event.orgId).take(event, !isKeyHeld || hashOf(event).equals(event.hash));
      return true;
    }
    const seal = sealIn(message);
    if (seal) logOf(seal.org_id).takeSeal(seal, isSealedBy(publicKey, seal));
    return seal !== undefined;
  }

  function logOf(orgId: string): ReceivedLog {
    const log = logs.get(orgId) ?? new ReceivedLog(orgId);
    logs.set(orgId, log);
    return log;
  }
}

/** What a receiver was tried out with speaks of no event. */
const isTest = (message: Message): boolean => message.type === "audit_seal" && message.test === true;
