/** Whose counters of `credential_count` are those of a whole organisation; a person's are under their id. */
export const EVERYONE = "everyone";
