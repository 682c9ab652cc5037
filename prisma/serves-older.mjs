/**
 * Whether a schema says that it still serves a program, see docs/decisions/2026-12-01-upgrades-beside-the-older-program.md: by the name of its
 * own newest migration, and down to one that the program knows.
 * @param {readonly string[]} applied what the database has, in the order of names
 * @param {string} known the newest that the program knows
 * @param {{ migration: string, servesFrom: string } | undefined} said the row of schema_compatibility
 */
export const servesOlder = (applied, known, said) =>
  said !== undefined && said.migration === applied.at(-1) && said.servesFrom <= known;
