import { Refusal } from "@/lib/platform/refusal";

/**
 * The contract's connection tests take flat bodies with names of their own. A refusal of the core speaks of
 * `credentials.private_key`; this brings it back to what the caller sent.
 */
const sent: Record<string, string> = { private_key: "private_key_data", passphrase: "private_key_passphrase" };

/** For `.catch`: throws the same refusal with the caller's names. */
export function inFlatNames(error: unknown): never {
  if (!(error instanceof Refusal) || error.fields.length === 0) throw error;
  const fields = error.fields.map((problem) => ({ ...problem, path: flat(problem.path) }));
  throw new Refusal(error.code, error.message, { fields, cause: error.cause });
}

/** The name a caller knows a field by. */
export const flatName = (name: string): string => sent[name] ?? name;

function flat([first, ...rest]: (string | number)[]): (string | number)[] {
  const path = first === "credentials" ? rest : first === undefined ? [] : [first, ...rest];
  return path.map((part) => (typeof part === "string" ? flatName(part) : part));
}
