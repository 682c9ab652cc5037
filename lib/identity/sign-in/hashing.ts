import "server-only";
import { hash, verify } from "@node-rs/argon2";
import { FairQueue, type Share } from "@/lib/platform/fair-share/fair-queue";
import { networkOf } from "@/lib/platform/fair-share/network";

/** argon2id, 19 MiB, two passes, one lane (OWASP's first choice). The parameters travel inside the hash. */
const ARGON2ID = 2; // the library's enum is erased by isolated modules
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashes in memory at once: each takes 19 MiB and a core, and sign-in is open to strangers. Known people and strangers
 * take turns, so that no number of strangers keeps a person from confirming their password or setting a first one;
 * among strangers the networks take turns, and within one the accounts that they ask for.
 */
const places = new FairQueue({
  name: "passwords",
  all: { running: 2, waiting: 200 },
  each: [
    { running: 2, waiting: 100 },
    { running: 2, waiting: 50 },
    { running: 2, waiting: 25 },
  ],
  waitMs: 30_000,
  words: {
    own: "Too many passwords are being checked for you at once. Try again in a moment.",
    busy: "Too many sign-ins at once. Try again in a moment.",
  },
  retryAfterSeconds: 2,
});

/** The share of somebody whom we know: signed in, or holding a link of ours. */
export const shareOfPerson = ({ orgId, id }: { orgId: string; id: string }): Share => ["known", orgId, id];

/** The share of somebody who only says who they are. */
export const shareOfStranger = (address: string, account: string): Share => ["strangers", networkOf(address), account];

/** Work with passwords in a place of this share. @throws Refusal as `FairQueue` */
export const inPlace = <T>(share: Share, work: () => Promise<T>): Promise<T> => places.run(share, work);

/** Only inside a place. */
export const makeHash = (normal: string): Promise<string> => hash(normal, PARAMETERS);

/**
 * Only inside a place. Takes as long for somebody without a hash as for a wrong password.
 */
export async function isPasswordOf(stored: string | null | undefined, normal: string): Promise<boolean> {
  const nobodys = await decoy();
  const right = await verify(stored ?? nobodys, normal);
  return right && stored != null;
}

/** True when the hash was made with other parameters and should be made anew at this sign-in. */
export const isOutdated = (stored: string): boolean =>
  !stored.startsWith(`$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`);

let decoyHash: Promise<string> | undefined;
const decoy = () => {
  decoyHash ??= hash("nobody has this password", PARAMETERS);
  return decoyHash;
};
