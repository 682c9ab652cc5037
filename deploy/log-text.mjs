// The log for people: what LOG_FORMAT says, and one line of it as text.
const NAMES = { 20: "debug", 30: "info", 40: "warning", 50: "error" };

/**
 * What is asked for; else text where a person watches, and JSON wherever the output goes to a program.
 * @param {Record<string, string | undefined>} env
 * @param {{ isTTY?: boolean }} stdout
 * @returns {"json" | "text"}
 */
export function logFormat({ LOG_FORMAT }, { isTTY }) {
  const asked = LOG_FORMAT?.trim();
  if (asked === "json" || asked === "text") return asked;
  return isTTY ? "text" : "json";
}

/** A line of the log for people: time of day, level, message, then the fields. */
export function forPeople({ level, time, msg, ...fields }) {
  const told = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${Array.isArray(value) ? value.join(" < ") : value}`);
  return `${time.slice(11, 19)} ${NAMES[level] ?? level}: ${msg}${told.join("")}`;
}
