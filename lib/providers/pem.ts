/**
 * PEM text as people have it: taken out of JSON, YAML, a spreadsheet or a form of one line. Whatever copying does to it is
 * undone here, once, for keys and certificates alike. One pass over the text for each kind of damage.
 */
export interface PemBlock {
  label: string;
  /** "Proc-Type: 4,ENCRYPTED" and "DEK-Info: …" of the old encrypted form; nothing else is kept. */
  headers: string[];
  body: string;
}

const CURED: [RegExp, string][] = [
  // Line ends and slashes as JSON writes them, however often it was put into JSON again.
  [/\\{1,8}(?:r|t|u000[dD9])/g, " "],
  [/\\{1,8}(?:n|u000[aA])/g, "\n"],
  [/\\{1,8}(?:\/|u002[fF])/g, "/"],
  [/[\r\v\f\u0085\u2028\u2029]/g, "\n"],
  [/[\u00a0\u2000-\u200d\u202f\u2060\ufeff]/g, " "],
  // Word processors make one long dash of several short ones; and an end and a beginning may share a line.
  [/(END [A-Z0-9 ]{1,40}[A-Z0-9]) ?[\u2010-\u2015\u2212-]{2,10} ?BEGIN /g, "$1-----\n-----BEGIN "],
  [/[\u2010-\u2015\u2212-]{1,5} ?BEGIN /g, "-----BEGIN "],
  [/[\u2010-\u2015\u2212-]{1,5} ?END /g, "-----END "],
  [/((?:BEGIN|END) [A-Z0-9 ]{1,40}[A-Z0-9]) ?[\u2010-\u2015\u2212-]{1,5}/g, "$1-----"],
];

const cured = (text: string): string => CURED.reduce((all, [what, by]) => all.replace(what, by), text);

const BEGIN = "-----BEGIN ";

/** The whole blocks of a text, in order. A beginning without an end before the next one is passed over. */
export function pemBlocks(input: string): PemBlock[] {
  const [, ...begun] = cured(input).split(BEGIN);
  return begun.flatMap((text) => {
    const label = /^([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
    const end = label === undefined ? -1 : text.indexOf(`-----END ${label}-----`);
    return label === undefined || end < 0 ? [] : [{ label, ...contents(text.slice(label.length + 5, end)) }];
  });
}

/** What the text begins, whole or cut off: "RSA PRIVATE KEY". */
export const pemLabels = (input: string): string[] =>
  cured(input)
    .split(BEGIN)
    .slice(1)
    .map((text) => /^[A-Z0-9 ]{1,40}/.exec(text)?.[0].trim() ?? "");

const PROC_TYPE = /Proc-Type: ?4, ?ENCRYPTED/;
const DEK_INFO = /DEK-Info: ?([A-Za-z0-9-]{1,24}), ?/;

/** The headers may stand on the line of the key itself: what is one is known by its name, and by the length of its salt. */
function contents(text: string): Pick<PemBlock, "headers" | "body"> {
  const procType = PROC_TYPE.exec(text);
  const dekInfo = DEK_INFO.exec(text);
  if (!procType || !dekInfo) return { headers: [], body: base64In(text) };
  const cipher = dekInfo[1] ?? "";
  const salt = /^[0-9A-Fa-f]{1,32}/.exec(text.slice(dekInfo.index + dekInfo[0].length, dekInfo.index + 80))?.[0] ?? "";
  // Where the end of the line is gone, the key's own letters follow at once.
  const own = salt.slice(0, SHORT_SALT.test(cipher) ? 16 : 32);
  const rest = text.slice(dekInfo.index + dekInfo[0].length + own.length);
  return {
    headers: ["Proc-Type: 4,ENCRYPTED", `DEK-Info: ${cipher},${own}`],
    body: base64In(rest),
  };
}

/** Ciphers with blocks of eight bytes. */
const SHORT_SALT = /^(?:DES|IDEA|RC2|BF|CAST)/;

/** Without other headers, quotes, indentation and whatever else stands between lines that are pasted from source code. */
const base64In = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.includes(":"))
    .map((line) => line.replace(/[\s"'`,;>\\]/g, ""))
    .join("");

export function writePem({ label, headers, body }: PemBlock): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  const head = headers.length > 0 ? [...headers, ""] : [];
  return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** The bytes of base64 text; undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
