import type { CredentialData, PasteResult } from "./define";

/**
 * What stands for a value. "certain": documentation writes it where a value belongs (`[YOUR-PASSWORD]`, `<password>`,
 * `${DB_PASSWORD}`), or a page in a value's place (dots, stars). "likely": somebody may have chosen it (`changeme`, `xxxx`).
 */
export function placeholderIn(value: string): "certain" | "likely" | undefined {
  if (CERTAIN.some((pattern) => pattern.test(value))) return "certain";
  return LIKELY.some((pattern) => pattern.test(value)) ? "likely" : undefined;
}

/** Whether filling it in would look as if it were done: nobody's value, or one that everybody is asked to change. */
export const isPlaceholder = (value: string): boolean => placeholderIn(value) === "certain" || CHANGE_ME.test(value);

const CERTAIN = [
  /^(?:\[{1,2}[a-z][a-z _-]{0,60}\]{1,2}|<[a-z][a-z _-]{0,60}>)$/i,
  // What a template engine, a shell or a pipeline was to replace.
  /^[$#]?\{{1,3} ?[$.]?[a-z][a-z0-9 _.-]{0,80}\}{1,3}$/i,
  /^your(?:[ _-]?(?:new|own|db|database|postgres|mysql|redis|sftp|ssh|smtp|aws|azure|secret|access|api|auth|bearer|client|app))*[ _-]?(?:password|pass|passwd|secret|key|id|user|username|name|database|db|token)(?:[ _-]?(?:here|goes here|value))?$/i,
  // The dots and stars of a page, alone or around what it shows of a value.
  /^\*+$|[•●∙·]{3}|^[•●∙·]+$/,
];
const CHANGE_ME = /^(?:change|replace)[ _-]?(?:me|this|it|immediately|in[ _-]production)!?$/i;
const LIKELY = [
  CHANGE_ME,
  /^(?:insert|enter|paste|add|put|type|copy|replace|use)[ _-]?(?:with[ _-]?|in[ _-]?)?(?:your|the|an?)?[ _-]?[a-z _-]{0,40}(?:password|passwd|secret|key|token|credentials|value)(?:[ _-]?here)?$/i,
  /^x{3,}(?:[ _-]x+)*$|x{8}$/i,
  /^(?:undefined|null|none|nan|n\/a|tbd|todo|fixme|redacted|masked|hidden|\[object object\])$/i,
  /^\$[A-Z][A-Z0-9]*_[A-Z0-9_]+$|^%[A-Za-z][A-Za-z0-9_]*%$/,
  /\*{4}/,
];

/** Sorts what was read of a pasted text: values for their fields, and the fields that it only holds a placeholder for. */
export function pastedFields(
  read: Record<string, string | number | undefined>,
  what: "address" | "text",
): PasteResult & { ok: true } {
  const data: CredentialData = {};
  const blank: string[] = [];
  for (const [name, value] of Object.entries(read)) {
    if (value === undefined) continue;
    if (typeof value === "string" && isPlaceholder(value)) blank.push(name);
    else data[name] = value;
  }
  return { ok: true, data, ...(blank.length > 0 && { blank, note: `The ${what} holds a placeholder.` }) };
}
