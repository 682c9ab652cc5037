import "server-only";
import { hash, verify } from "@node-rs/argon2";
import { Refusal } from "@/lib/refusal";

/** argon2id, 19 MiB, two passes, one lane (OWASP's first choice). The parameters travel inside the hash. */
const ARGON2ID = 2; // the library's enum is erased by isolated modules
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

/**
 * Hashes a password in Unicode form NFC, never cut.
 * @throws Refusal "invalid" when it is shorter than 12 or longer than 256 characters
 */
export async function hashPassword(password: string, field = "password"): Promise<string> {
  const normal = password.normalize("NFC");
  const length = [...normal].length;
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) {
    const message = `Must be ${PASSWORD_MIN} to ${PASSWORD_MAX} characters long`;
    throw new Refusal("invalid", "The password is too short or too long", {
      fields: [{ path: [field], message, code: "password_length" }],
    });
  }
  return withPlace(() => hash(normal, PARAMETERS));
}

/** Takes as long for an unknown user (`stored` undefined) as for a wrong password. */
export async function checkPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const normal = password.slice(0, PASSWORD_MAX * 4).normalize("NFC");
  const against = stored ?? (await decoy());
  const right = await withPlace(() => verify(against, normal));
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

/** Hashes in memory at once: each takes 19 MiB and a core, and sign-in is open to strangers. */
const PLACES = 2;
const WAITING_MAX = 50;
let taken = 0;
const waiting: (() => void)[] = [];

async function withPlace<T>(work: () => Promise<T>): Promise<T> {
  if (taken >= PLACES) {
    if (waiting.length >= WAITING_MAX) {
      throw new Refusal("too_many_requests", "Too many sign-ins at once. Try again in a moment.", {
        retryAfterSeconds: 2,
      });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else taken++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else taken--;
  }
}
