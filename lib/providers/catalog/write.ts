import { stringify } from "yaml";

/** A definition as text, to go on from. */
export const writtenKind = (kind: object): string => stringify(kind);
