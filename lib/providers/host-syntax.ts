import ipaddr from "ipaddr.js";

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const QUAD = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/**
 * Host name or IP address, judged by syntax only: what stands behind a name is judged after resolving it (lib/platform/net).
 * ASCII labels of 1 to 63, 253 in all; a last label that is a number only in a canonical dotted quad, because the
 * system's resolver reads 2130706433 and 0x7f.1 as addresses; IPv6 without zone, with or without brackets.
 */
export function isHost(value: string): boolean {
  if (value.startsWith("[") || value.includes(":")) return isIpv6(value.replace(/^\[(.*)\]$/, "$1"));
  if (QUAD.test(value)) return true;
  const name = value.endsWith(".") ? value.slice(0, -1) : value;
  const labels = name.split(".");
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) return false;
  return !/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? "");
}

function isIpv6(value: string): boolean {
  if (value.includes("%") || value.includes("[") || value.includes("]")) return false;
  // The library reads an embedded 010.0.0.1 as octal, the system's resolver as decimal or not at all.
  const tail = value.slice(value.lastIndexOf(":") + 1);
  return ipaddr.IPv6.isValid(value) && (!tail.includes(".") || QUAD.test(tail));
}

/** The text of a port: 1 to 65535, without zeros in front. */
export const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

/** "db.example.com:5432", "[2001:db8::1]:22". */
export function hostWithPort(host: unknown, port: unknown): string {
  const name = String(host);
  return name.includes(":") && !name.startsWith("[") ? `[${name}]:${port}` : `${name}:${port}`;
}
