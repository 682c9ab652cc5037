import { isHost } from "../host-syntax";
import type { Reader } from "./read";

/** Reads the entry of a .netrc: `machine host login user password secret`, in one line or several. */
export const readNetrc: Reader = (text) => {
  if (!/^\s*machine\s/m.test(text)) return undefined;
  const words = text.split(/\s+/).filter((word) => word !== "");
  const machines = words.filter((word) => word === "machine").length;
  if (machines > 1) return { problem: "Must hold one machine of the file; copy the entry that is meant" };
  const after = (name: string) => words[words.indexOf(name) + 1];
  const told = (name: string) => (words.includes(name) ? after(name) : undefined);
  const host = told("machine");
  if (host === undefined || !isHost(host)) return { problem: "Must name a host behind the word machine" };
  return { values: { address: `https://${host}`, user: told("login"), password: told("password") } };
};
