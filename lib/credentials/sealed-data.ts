import "server-only";
import { createHash } from "node:crypto";
import { log, traceOf } from "@/lib/platform/log";
import { Refusal } from "@/lib/platform/refusal";
import { type EncryptionContext, keyIdOf, lastingPart, open, seal, UnknownKey } from "@/lib/platform/vault";
import { type CredentialData, type CredentialType, credentialDataSchema } from "@/lib/providers/define";

/** Where a credential's data belongs; the version is that of the sealed data, raised by every change of it. */
export interface SealContext {
  orgId: string;
  id: string;
  provider: string;
  type: CredentialType;
  sealedVersion: number;
}

export interface SealedData {
  sealed: Buffer;
  keyId: string;
}

/** Seals the whole data, public fields included: what is shown in clear is a copy, this is the truth. */
export function sealData(of: SealContext, data: CredentialData): SealedData {
  const plain = Buffer.from(canonical(data), "utf8");
  try {
    const sealed = seal(plain, contextOf(of));
    return { sealed, keyId: keyIdOf(sealed) };
  } finally {
    plain.fill(0);
  }
}

/**
 * The data of a row. The log says which row does not open, and why; the caller only that it does not.
 * @throws Refusal "damaged" when the bytes were altered or moved; "unavailable" when this process does not have the key
 */
export const openData = (of: SealContext & { keyId: string }, sealed: Buffer): CredentialData =>
  openAt(contextOf(of), of.keyId, sealed);

/** The same; undefined where it is damaged, for those who can do without. */
export const openIfWhole = (of: SealContext & { keyId: string }, sealed: Buffer): CredentialData | undefined =>
  ifWhole(() => openData(of, sealed));

/** What `work` answers; undefined where what it opens is damaged. */
export function ifWhole<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.code === "damaged") return undefined;
    throw error;
  }
}

/** For every kind of sealed data: `keyId` is the key that the row itself names, so an envelope that names another is altered. */
export function openAt(context: EncryptionContext, keyId: string | null, sealed: Buffer): CredentialData {
  let plain: Buffer | undefined;
  try {
    plain = open(sealed, context);
    return credentialDataSchema.parse(JSON.parse(plain.toString("utf8")));
  } catch (error) {
    const { orgId, id, purpose } = context;
    log.error("sealed data does not open", {
      orgId,
      targetId: id,
      purpose,
      ...(keyId !== null && { keyId }),
      ...traceOf(error),
    });
    throw error instanceof UnknownKey && error.keyId === keyId ? withoutKey(error) : damaged(error);
  } finally {
    plain?.fill(0);
  }
}

export const damaged = (cause?: unknown): Refusal =>
  new Refusal("damaged", "The stored secret does not open. Send the whole credential anew, or delete it.", { cause });

const withoutKey = (cause: unknown): Refusal =>
  new Refusal("unavailable", "This instance does not have the key to what is stored. Ask whoever runs Latchkey.", {
    retryAfterSeconds: 30,
    cause,
  });

/** One text for equal data, whatever order its fields came in. */
export const canonical = (data: CredentialData): string =>
  JSON.stringify(Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))));

/**
 * For the audit log: which ciphertext a change left behind. Says nothing of what is inside, and covers what stays when the
 * key-encryption key is rotated. The byte in front tells it from older hashes, which covered the wrapped key as well.
 */
export const sealedHash = (sealed: Buffer): Buffer =>
  Buffer.concat([Buffer.from([2]), createHash("sha256").update(lastingPart(sealed)).digest()]);

export const contextOf = (of: SealContext): EncryptionContext => ({
  purpose: "credential",
  orgId: of.orgId,
  id: of.id,
  provider: of.provider,
  type: of.type,
  version: of.sealedVersion,
});
