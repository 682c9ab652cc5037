/** What scripts may rely on. */
export const ExitCode = { done: 0, refused: 1, usage: 2, tampered: 3, partly: 4 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const exitCodes: Record<ExitCode, string> = {
  0: "done",
  1: "refused or failed; standard error says why",
  2: "wrong usage",
  3: "audit verify found something wrong",
  4: "import or key rotate left rows out; the report says which and why",
};
