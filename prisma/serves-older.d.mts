export function servesOlder(
  applied: readonly string[],
  known: string,
  said: { migration: string; servesFrom: string } | undefined,
): boolean;
