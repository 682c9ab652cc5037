import "server-only";
import { createHash } from "node:crypto";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { type Address, keyIdOf, open, seal } from "@/lib/vault";

/** Where a credential's data belongs; the version is that of the sealed data, raised by every change of it. */
export interface Place {
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
export function sealData(place: Place, data: CredentialData): SealedData {
  const plain = Buffer.from(canonical(data), "utf8");
  try {
    const sealed = seal(plain, addressOf(place));
    return { sealed, keyId: keyIdOf(sealed) };
  } finally {
    plain.fill(0);
  }
}

/** @throws Error when the bytes were altered, moved, or sealed under a key this process does not have */
export function openData(place: Place, sealed: Buffer): CredentialData {
  const plain = open(sealed, addressOf(place));
  try {
    return JSON.parse(plain.toString("utf8")) as CredentialData;
  } finally {
    plain.fill(0);
  }
}

/** One text for equal data, whatever order its fields came in. */
export const canonical = (data: CredentialData): string =>
  JSON.stringify(Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))));

/** For the audit log: which ciphertext a change left behind. Says nothing of what is inside. */
export const sealedHash = (sealed: Buffer): Buffer => createHash("sha256").update(sealed).digest();

export const addressOf = (place: Place): Address => ({
  purpose: "credential",
  orgId: place.orgId,
  id: place.id,
  provider: place.provider,
  type: place.type,
  version: place.sealedVersion,
});
