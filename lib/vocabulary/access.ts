/**
 * What somebody may do with a credential. Each of them lets one see it; manage lets one edit as well. Nothing but `use` hands out
 * a secret, or uses it for somebody.
 *
 *   see     its metadata, tests and history
 *   use     fetch its secret; also try it
 *   edit    put other values in the place of those stored, without reading any; also try and rotate it
 *   manage  delete it, and say who may do what with it
 */
export const rights = ["see", "use", "edit", "manage"] as const;
export type Right = (typeof rights)[number];

/** What a grant is given over. */
export const reaches = ["credential", "tag", "kind", "all"] as const;
export type ReachKind = (typeof reaches)[number];

/** Whom a grant is given to. */
export const subjectKinds = ["user", "group", "service_account"] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** `key` is a credential's id, a tag, a provider's id, or nothing for all. */
export interface Reach {
  reach: ReachKind;
  key: string;
}

const implied: Record<Right, readonly Right[]> = {
  see: ["see"],
  use: ["see", "use"],
  edit: ["see", "edit"],
  manage: ["see", "edit", "manage"],
};

/** These rights with all that they bring along, each once, in the order above. */
export const withImplied = (held: readonly Right[]): Right[] =>
  rights.filter((right) => held.some((one) => implied[one].includes(right)));

/** What a token is narrowed to, within what its owner may do. What is absent narrows nothing; an empty list allows nothing. */
export interface TokenLimits {
  rights?: readonly Right[] | undefined;
  credentialIds?: readonly string[] | undefined;
  tags?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
  /** Networks in CIDR form that it may be sent from. */
  networks?: readonly string[] | undefined;
}

export const requestStates = ["open", "granted", "declined", "withdrawn"] as const;
export type RequestState = (typeof requestStates)[number];
