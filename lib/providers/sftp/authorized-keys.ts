import "server-only";

/**
 * The text of an authorized_keys file (sshd(8)): a key a line, perhaps with options before it. Lines that are not touched
 * stay byte for byte what they were.
 */
const KEY = /(?:^|\s)((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?=\s|$)/;

interface Line {
  text: string;
  /** What stands before the key: `restrict,command="internal-sftp" `. */
  options: string;
  /** "ssh-ed25519 AAAA…", without options and comment. */
  key: string;
}

function lineOf(text: string): Line | undefined {
  if (text.trim() === "" || text.trimStart().startsWith("#")) return undefined;
  const found = KEY.exec(text);
  if (!found) return undefined;
  return { text, options: text.slice(0, found.index).trim(), key: `${found[1]} ${found[2]}` };
}

/** A public key as it stands in such a file, without its comment. */
export const bareKey = (publicKey: string): string => publicKey.trim().split(/\s+/, 2).join(" ");

/** Whether this key is in the file. */
export const holds = (file: string, publicKey: string): boolean =>
  file.split("\n").some((text) => lineOf(text)?.key === bareKey(publicKey));

/**
 * The file with one more key, which may do exactly what the other one may: it gets that line's options. The same file when
 * it is there already.
 */
export function withKey(file: string, added: string, like: string): string {
  if (holds(file, added)) return file;
  const model = file
    .split("\n")
    .flatMap((text) => lineOf(text) ?? [])
    .find(({ key }) => key === bareKey(like));
  const line = [model?.options, added.trim()].filter(Boolean).join(" ");
  return `${file === "" || file.endsWith("\n") ? file : `${file}\n`}${line}\n`;
}

/** The file without any line of this key. */
export const withoutKey = (file: string, removed: string): string =>
  file
    .split("\n")
    .filter((text) => lineOf(text)?.key !== bareKey(removed))
    .join("\n");
