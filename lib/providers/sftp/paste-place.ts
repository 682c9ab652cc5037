import { commandIn } from "../command-words";
import type { PasteResult } from "../define";
import { isHost, isPort } from "../host-syntax";
import { pastedFields } from "../placeholder";
import { fieldsIn, plainName, settingsIn } from "../settings";

/**
 * Reads where a server is from what people have instead of an address: an `sftp`, `ssh` or `scp` line, a block of
 * `~/.ssh/config`, the settings of an editor or a program, or `user@host:/folder`. Undefined for what is none of them.
 */
export function pastePlace(text: string): PasteResult | undefined {
  return ofCommand(text) ?? ofConfig(text) ?? ofSettings(text) ?? ofTarget(text.trim());
}

const refuse = (problem: string): PasteResult => ({ ok: false, problem });

/** Options of `sftp`, `ssh` and `scp` that take a value. */
const VALUED = [..."BbcDEeFIiJLlmOopPQRSsWwX"];

function ofCommand(text: string): PasteResult | undefined {
  const command = commandIn(text, ["sftp", "ssh", "scp", "ssh-copy-id"], VALUED);
  if (!command) return undefined;
  const remote = command.rest.find((word) => command.program === "sftp" || !/^[./~]/.test(word));
  if (remote === undefined) return refuse("Must name the server, as in sftp user@host");
  const target = targetOf(remote);
  if (!target) return refuse("Must name a host or an IP address, as in sftp user@host");
  const option = (letter: string) => command.options.find(([name]) => name === letter)?.[1];
  const settings = command.options.filter(([name]) => name === "o").map(([, value]) => value.split(/[ =]+/));
  const said = (name: string) => settings.find(([one]) => one?.toLowerCase() === name)?.[1];
  // scp and sftp say it with P, ssh with p; the other letter means something else there.
  const port = option(["scp", "sftp"].includes(command.program) ? "P" : "p") ?? said("port");
  const { username = option("l") ?? said("user"), ...place } = target;
  return placeOf({ ...place, username, port }, option("i") === undefined ? undefined : KEY_FILE);
}

const CONFIG_LINE = /^[ \t]*([a-z]+)(?:[ \t]+|[ \t]*=[ \t]*)"?([^"\r\n]*?)"?[ \t]*$/i;

/** One block of OpenSSH's settings: its own words, with a blank or an equals sign behind them. */
function ofConfig(text: string): PasteResult | undefined {
  const lines = text.split(/[\r\n]+/).filter((line) => !/^\s*(?:#|$)/.test(line));
  const pairs = lines.map((line) => CONFIG_LINE.exec(line));
  const hosts = pairs.filter((pair) => pair?.[1]?.toLowerCase() === "host");
  const named = Object.fromEntries(pairs.flatMap((pair) => (pair ? [[String(pair[1]).toLowerCase(), pair[2]]] : [])));
  if (hosts.length === 0 || pairs.some((pair) => pair === null)) return undefined;
  if (hosts.length > 1) return refuse("Must hold one Host of the file; copy the block that is meant");
  if (named.proxyjump !== undefined || named.proxycommand !== undefined) {
    return refuse("Must be reached directly: a server behind another one (ProxyJump, ProxyCommand) cannot be used");
  }
  const { hostname: host = named.host, user: username, port } = named;
  return placeOf({ host, username, port }, named.identityfile === undefined ? undefined : KEY_FILE);
}

const KEY_FILE = "The key itself is in a file: paste what it holds, or choose it.";

const FIELDS: Record<string, string> = {
  host: "host",
  hostname: "host",
  server: "host",
  port: "port",
  user: "username",
  username: "username",
  login: "username",
  password: "password",
  pass: "password",
  remotepath: "test_path",
  path: "test_path",
  folder: "test_path",
  directory: "test_path",
};

function ofSettings(text: string): PasteResult | undefined {
  const settings = settingsIn(text) ?? [];
  const fieldOf = (name: string) => FIELDS[plainName(name).replace(/^(?:sftp|ssh|ftp)/, "")];
  if (!settings.some(([name, value]) => value !== "" && ["host", "username"].includes(fieldOf(name) ?? ""))) {
    return undefined;
  }
  const found = fieldsIn(settings, fieldOf);
  if (found === undefined) return refuse("Must describe one server; copy the lines that are meant");
  const { host, username, password, port, test_path } = found;
  return placeOf({ host, username, password, port, test_path });
}

/** `user@host`, with a folder behind a colon as scp takes it. Without a user it could be any text. */
function ofTarget(text: string): PasteResult | undefined {
  const target = /\s/.test(text) ? undefined : targetOf(text);
  return target?.username === undefined ? undefined : placeOf(target);
}

function targetOf(text: string) {
  const [, username, bracketed, plain, path] =
    /^(?:([^@\s]{1,64})@)?(?:\[([^\]]+)\]|([^:@\s/]+))(?::(.*))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || !isHost(host)) return undefined;
  const isNumber = /^\d{1,5}$/.test(path ?? "");
  return { host, username, port: isNumber ? path : undefined, test_path: isNumber ? undefined : path || undefined };
}

type Place = Record<"host" | "username" | "port", string | undefined> & {
  password?: string | undefined;
  test_path?: string | undefined;
};

function placeOf({ host, port, ...rest }: Place, note?: string): PasteResult {
  if (host !== undefined && !isHost(host)) return refuse("Must name a host or an IP address, without scheme or folder");
  if (port !== undefined && !isPort(port)) {
    return refuse("Must have a port from 1 to 65535, or none");
  }
  const pasted = pastedFields({ host, port: port === undefined ? undefined : Number(port), ...rest }, "text");
  return note === undefined ? pasted : { ...pasted, note: [pasted.note, note].filter(Boolean).join(" ") };
}
