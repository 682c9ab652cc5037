export function ensureKey(
  env: { LATCHKEY_KEY?: string; LATCHKEY_KEY_FILE?: string; LATCHKEY_DATA: string },
  ownerUrl: string,
  where: string,
): Promise<string>;
