import "server-only";

/**
 * The text of an authorized_keys file (sshd(8)): a key a line, perhaps with options before it. All that is not the one line
 * stays byte for byte what it was, a missing last line end too; a line that was added and removed leaves no trace.
 */
const KEY = /^((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?=\s|$)/;

interface Line {
  /** What stands before the key: `restrict,command="internal-sftp"`. */
  options: string;
  /** "ssh-ed25519 AAAA…", without options and comment. */
  key: string;
}

function lineOf(text: string): Line | undefined {
  const line = text.replace(/^[ \t]+/, "");
  if (line.startsWith("#")) return undefined;
  const options = KEY.test(line) ? "" : line.slice(0, optionsEnd(line));
  const found = KEY.exec(line.slice(options.length).replace(/^[ \t]+/, ""));
  return found ? { options, key: `${found[1]} ${found[2]}` } : undefined;
}

/** As sshd reads them: up to the first blank that is not quoted. What looks like a key within quotes is none. */
function optionsEnd(line: string): number {
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    if (line.startsWith('\\"', at)) at++;
    else if (line[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (line[at] === " " || line[at] === "\t")) return at;
  }
  return line.length;
}

/** Each with its own line end; the last may have none. */
const linesOf = (file: string): string[] => file.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const endOf = (line: string): string => /\r?\n$/.exec(line)?.[0] ?? "";

/** A public key as it stands in such a file, without its comment. */
export const bareKey = (publicKey: string): string => publicKey.trim().split(/\s+/, 2).join(" ");

/** Whether this key is in the file. */
export const holds = (file: string, publicKey: string): boolean =>
  linesOf(file).some((text) => lineOf(text)?.key === bareKey(publicKey));

/**
 * The file with one more key, which may do exactly what the other one may: it gets that line's options and line end. It stands
 * before that line and not at the end, so that a last line without an end stays one. The same file when it is there already,
 * or the other one is not.
 */
export function withKey(file: string, added: string, like: string): string {
  if (holds(file, added)) return file;
  const lines = linesOf(file);
  const at = lines.findIndex((text) => lineOf(text)?.key === bareKey(like));
  const model = lineOf(lines[at] ?? "");
  if (!model) return file;
  const end = endOf(lines[at] ?? "") || endOf(lines[at - 1] ?? "") || "\n";
  const line = [model.options, added.trim()].filter(Boolean).join(" ");
  return [...lines.slice(0, at), line + end, ...lines.slice(at)].join("");
}

/** The file without any line of this key. A file whose last line had no end gets none by that. */
export function withoutKey(file: string, removed: string): string {
  const lines = linesOf(file);
  const kept = lines.filter((text) => lineOf(text)?.key !== bareKey(removed));
  const text = kept.join("");
  const last = lines.at(-1) ?? "";
  return kept.at(-1) === last || endOf(last) !== "" ? text : text.slice(0, text.length - endOf(text).length);
}
