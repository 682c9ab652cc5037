import type { CredentialData, Pasted } from "./define";

/**
 * Whether a value is what documentation writes where a value belongs: `[YOUR-PASSWORD]`, `<password>`, `changeme`, or the
 * dots of a page that hides it. Such a text is nobody's password, and filling it in would look as if it were done.
 */
export const isPlaceholder = (value: string): boolean =>
  IN_BRACKETS.test(value) || YOURS.test(value) || CHANGE_ME.test(value) || HIDDEN.test(value);

const IN_BRACKETS =
  /^(?:\[{1,2}[a-z][a-z _-]{0,60}\]{1,2}|<[a-z][a-z _-]{0,60}>|\$?\{{1,2}[a-z][a-z _-]{0,60}\}{1,2})$/i;
const YOURS =
  /^your(?:[ _-]?(?:new|own|db|database|postgres|sftp|aws|secret|access|api|client|app))*[ _-]?(?:password|pass|passwd|secret|key|id|user|username|name|database|db|token)(?:[ _-]?here)?$/i;
const CHANGE_ME = /^(?:change|replace)[ _-]?(?:me|this|it)$/i;
const HIDDEN = /^(?:\*+|[•●∙·]+)$/;

/** Sorts what was read of a pasted text: values for their fields, and the fields that it only holds a placeholder for. */
export function pastedFields(
  read: Record<string, string | number | undefined>,
  what: "address" | "text",
): Pasted & { ok: true } {
  const data: CredentialData = {};
  const blank: string[] = [];
  for (const [name, value] of Object.entries(read)) {
    if (value === undefined) continue;
    if (typeof value === "string" && isPlaceholder(value)) blank.push(name);
    else data[name] = value;
  }
  return { ok: true, data, ...(blank.length > 0 && { blank, note: `The ${what} holds a placeholder.` }) };
}
