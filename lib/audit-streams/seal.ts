import "server-only";
import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { clock } from "@/lib/platform/clock";
import { keyIdOf, publicSealingKey, sealingKey } from "./seal-key";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.string().regex(/^[1-9]\d{0,17}$/);

/**
 * What stands behind a batch: which events it holds, where in the chain they belong, and a signature over that. `sha256` is over the
 * lines with a line break between each two.
 */
const sealShape = z.strictObject({
  type: z.literal("audit_seal"),
  format: z.literal(1),
  org_id: z.uuid(),
  stream_id: z.uuid(),
  batch_id: z.uuid(),
  from: z.strictObject({ seq, prev_hash: hash }),
  to: z.strictObject({ seq, hash }),
  count: z.int().min(1),
  sha256: hash,
  sealed_at: z.iso.datetime({ precision: 3 }),
  key_id: z.string().regex(/^[0-9a-f]{16}$/),
});
export type SealContent = z.output<typeof sealShape>;
const signedSeal = sealShape.extend({ signature: z.base64().length(88) });
export type Seal = z.output<typeof signedSeal>;

/** Seals the content. The same content under the same key has the same seal. */
export function sealOf(content: Omit<SealContent, "type" | "format" | "key_id">): string {
  const full = ordered({ type: "audit_seal", format: 1, key_id: keyIdOf(publicSealingKey()), ...content });
  const signature = sign(null, signedBytes(full), sealingKey()).toString("base64");
  return JSON.stringify({ ...full, signature } satisfies Seal);
}

/** What a receiver is tried out with: it speaks of no event, and the signature shows that it is ours. */
export function testSealOf(of: { orgId: string; streamId: string }): string {
  const content = {
    ...{ type: "audit_seal", format: 1, test: true, org_id: of.orgId, stream_id: of.streamId },
    ...{ sealed_at: clock.now().toISOString(), key_id: keyIdOf(publicSealingKey()) },
  };
  const signature = sign(null, Buffer.from(TEST_DOMAIN + JSON.stringify(content), "utf8"), sealingKey());
  return JSON.stringify({ ...content, signature: signature.toString("base64") });
}

/** The seal that a line holds, good or not; undefined for what is none. */
export function sealIn(value: unknown): Seal | undefined {
  const parsed = signedSeal.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Whether this seal was made with the key that this is the public half of. */
export function isSealedBy(key: KeyObject, { signature, ...content }: Seal): boolean {
  return (
    content.key_id === keyIdOf(key) &&
    verify(null, signedBytes(ordered(content)), key, Buffer.from(signature, "base64"))
  );
}

export const digestOfLines = (lines: readonly string[]): string =>
  createHash("sha256").update(lines.join("\n")).digest("hex");

/** No signature of this key is good for anything else. */
const DOMAIN = "latchkey audit seal 1\n";
const TEST_DOMAIN = "latchkey audit test seal 1\n";

const signedBytes = (content: SealContent): Buffer => Buffer.from(DOMAIN + JSON.stringify(content), "utf8");

/** In the one order that is signed, however it was written down. */
const ordered = (content: SealContent): SealContent => ({
  type: content.type,
  format: content.format,
  org_id: content.org_id,
  stream_id: content.stream_id,
  batch_id: content.batch_id,
  from: { seq: content.from.seq, prev_hash: content.from.prev_hash },
  to: { seq: content.to.seq, hash: content.to.hash },
  count: content.count,
  sha256: content.sha256,
  sealed_at: content.sealed_at,
  key_id: content.key_id,
});
