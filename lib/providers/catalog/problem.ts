/** What is wrong with a file, in fixed words: where, in which field, and what that must be. Repeats no value. */
export interface FileProblem {
  line: number;
  column: number;
  /** "fields[2].label"; empty for the file as a whole. */
  field: string;
  message: string;
}

export type Path = PropertyKey[];

/** The same before it is known where in the text that is. */
export interface PathProblem {
  path: Path;
  message: string;
}
