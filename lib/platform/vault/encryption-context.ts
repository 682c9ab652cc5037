import "server-only";

/**
 * Where a sealed value belongs. It is bound into the ciphertext as associated data, so a value moved to another row,
 * organisation, provider, type or version does not open.
 */
export interface EncryptionContext {
  purpose: "credential" | "rotation" | "audit-stream" | "root-secret";
  orgId: string;
  id: string;
  provider: string;
  type: string;
  version: number;
}

/** Each part with its length in front: no separator that a value could contain. */
export function associatedData(context: EncryptionContext, format: number): Buffer {
  const parts = [
    context.purpose,
    String(format),
    context.orgId,
    context.id,
    context.provider,
    context.type,
    String(context.version),
  ];
  return Buffer.concat(parts.flatMap((part) => withLength(Buffer.from(part, "utf8"))));
}

function withLength(part: Buffer): Buffer[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return [length, part];
}
