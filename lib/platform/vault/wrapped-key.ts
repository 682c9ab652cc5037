import "server-only";
import { z } from "zod";
import { keyServices } from "@/lib/platform/key-service";

/**
 * The key-encryption key as a key service has wrapped it: what stands in the key file, or in the setting, in place of the key. It is no
 * secret without the service. `id` is the key's own, so that whatever comes back is known to be the key, or not.
 */
const shape = z.object({
  latchkey_wrapped_key: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  by: z.enum(keyServices),
  /** The service's key, as the service names it. */
  key: z.string().min(1).max(1024),
  wrapped: z.base64().min(1).max(4096),
});

export interface WrappedKey extends Omit<z.infer<typeof shape>, "latchkey_wrapped_key"> {}

/** @returns undefined for a text that is none, but may be a key @throws Error naming `source` for one that is damaged */
export function readWrappedKey(text: string, source: string): WrappedKey | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const { latchkey_wrapped_key: _, ...key } = shape.parse(JSON.parse(text));
    return key;
  } catch {
    throw new Error(`${source} must hold a key, or a wrapped key as latchkey key wrap writes it`);
  }
}

/** One line, as it is kept. */
export const printWrappedKey = (key: WrappedKey): string =>
  `${JSON.stringify({ latchkey_wrapped_key: 1, id: key.id, by: key.by, key: key.key, wrapped: key.wrapped })}\n`;
