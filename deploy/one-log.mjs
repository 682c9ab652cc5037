// One form for all that the served product prints, whoever wrote it (Next, Node, a package): one JSON object a line for machines, or lines
// for people.
import { forPeople } from "./log-text.mjs";
import { FOR_PEOPLE, WENT_WRONG } from "./say.mjs";

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50, silent: Number.POSITIVE_INFINITY };
/** What belongs together arrives together, or nearly so. */
const TOGETHER_MS = 100;
/** One line for each kind of trouble in so long; the next one says how many there were. */
const QUIET_MS = 60_000;
const KINDS_MAX = 200;
const PLACES = 8;
const TEXT_MAX = 256;
const LINES_MAX = 200;
const LINE_MAX = 1_000_000;
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
/** How an error begins: `⨯ TypeError: …`, `Uncaught Error …`. */
const HEAD = /^(?:[^\w\s(][^\w(]*|Uncaught )?((?:[A-Z]\w*)?(?:Error|Exception|Refusal))\b/;

/**
 * @param {(text: string, stream: "stdout" | "stderr") => void} write
 * @param {{ level?: string, format?: "json" | "text", now?: () => number }} [options] level: LOG_LEVEL
 */
export function oneLog(
  write,
  { level: least = process.env.LOG_LEVEL || "info", format = "json", now = Date.now } = {},
) {
  const kinds = new Map();
  const isText = format === "text";
  const put = (line, stream) => write(`${isText ? forPeople(line) : JSON.stringify(line)}\n`, stream);

  /** What a start has to say is said whatever the level is: it is how people find the product. */
  const introduce = (text, stream) => {
    const [failed, words] = text.startsWith(WENT_WRONG) ? [true, text.slice(1)] : [false, text];
    if (isText) return write(`${words.replaceAll(FOR_PEOPLE, "\n")}\n`, stream);
    const msg = words.replaceAll(FOR_PEOPLE, " ").replace(/\s+/g, " ").trim();
    const level = failed ? LEVELS.error : msg.startsWith("Warning:") ? LEVELS.warn : LEVELS.info;
    put({ level, time: new Date(now()).toISOString(), msg }, stream);
  };

  /** Writes a line of the log. Trouble of one kind is told once a minute, with how often it was there. */
  const tell = (name, msg, fields = {}) => {
    const level = LEVELS[name];
    if (level < (LEVELS[least] ?? LEVELS.info)) return;
    let count;
    if (level >= LEVELS.warn) {
      const key = JSON.stringify([level, msg, fields.error, fields.digest]);
      const kind = kinds.get(key);
      if (kind && now() - kind.spokenAt < QUIET_MS) return void kind.silent++;
      if (kinds.size >= KINDS_MAX) kinds.clear();
      kinds.set(key, { spokenAt: now(), silent: 0 });
      count = kind?.silent || undefined;
    }
    const time = new Date(now()).toISOString();
    // Where it came from was said the first time.
    put({ level, time, ...fields, ...(count && { at: undefined, count }), msg }, "stdout");
  };

  /** Takes what came over one stream. @returns what ends it */
  const read = (readable, stream) => {
    let rest = "";
    let foreign = [];
    let timer;
    const flush = () => {
      clearTimeout(timer);
      if (foreign.length > 0) tell(...wrapped(foreign, stream));
      foreign = [];
    };
    const take = (line) => {
      // An error's message may have lines of its own: whatever follows its first line belongs to it.
      const isMore = foreign.length > 0 && !HEAD.test(line) && (HEAD.test(foreign[0]) || /^(\s|\}|$)/.test(line));
      const isIntroduction = line.startsWith(FOR_PEOPLE);
      const own = isIntroduction ? undefined : logLine(line);
      if (isIntroduction || own !== undefined || !isMore) flush();
      if (isIntroduction) introduce(line.slice(FOR_PEOPLE.length), stream);
      else if (own !== undefined) write(`${isText ? forPeople(own) : line}\n`, stream);
      else if (line.trim() !== "" && foreign.length < LINES_MAX) foreign.push(line);
    };
    readable.setEncoding("utf8");
    readable.on("data", (chunk) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line.replace(ANSI, ""));
      if (rest.length > LINE_MAX) rest = "";
      clearTimeout(timer);
      timer = setTimeout(flush, TOGETHER_MS);
    });
    return () => {
      if (rest !== "") take(rest.replace(ANSI, ""));
      rest = "";
      flush();
    };
  };

  return { tell, read };
}

/** A line of lib/platform/log.ts: a level, a time and a message; undefined for any other. */
function logLine(line) {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    const read = JSON.parse(line);
    const { level, time, msg } = read;
    return typeof level === "number" && typeof time === "string" && typeof msg === "string" ? read : undefined;
  } catch {
    return undefined;
  }
}

const CONTROLS = /[\s\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
/** Who signs in where: `scheme://name:password@`. */
const SIGN_IN = /(\w+:\/\/)[^\s/@]*@/g;

/** An error's message can carry values, so of an error there are its class, its code and where it came from. */
function wrapped(lines, stream) {
  const text = lines.join("\n");
  const places = lines.filter((line) => /^\s+at /.test(line));
  const name = lines.map((line) => HEAD.exec(line)?.[1]).find(Boolean);
  if (name || places.length > 0) {
    const [code, digest] = ["code", "digest"].map(
      (field) => new RegExp(`^\\s+${field}: '([\\w-]+)'`, "m").exec(text)?.[1],
    );
    const error = [name ?? "Error", code].filter(Boolean).join(" ");
    const at = places.slice(0, PLACES).map((line) => line.trim());
    // Refusals are foreseen, wherever they came from.
    if (name === "Refusal") return ["warn", "an error was printed", { error, digest }];
    return ["error", "an error was printed", { error, digest, at }];
  }
  const msg = text.replace(SIGN_IN, "$1").replace(CONTROLS, " ").trim().slice(0, TEXT_MAX);
  const isWarning = stream === "stderr" || /^\W*warn/i.test(msg);
  return [isWarning ? "warn" : "info", msg, {}];
}
