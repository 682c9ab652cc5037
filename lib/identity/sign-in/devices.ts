import "server-only";
import { randomBytes } from "node:crypto";
import { clock } from "@/lib/platform/clock";
import { hmac } from "@/lib/platform/keys";
import { nameKey } from "@/lib/platform/names";
import { sameBytes } from "@/lib/platform/vault";

/**
 * What a browser keeps of its sign-ins: for each account a mark that only this installation makes, bound to the account. It
 * opens nothing; it says that somebody who knew the password has been in this browser before, so that what strangers do to
 * an account or a network does not slow its owner there. Whoever steals it gets the tries of one browser, no more.
 */
const LIVES_MS = 180 * 86_400_000;
/** Accounts that one browser is known for; the one used longest ago is dropped. */
const MARKS = 4;

/** What an account is counted under: a keyed hash of the address, since people type passwords into the wrong field. */
export const accountKey = (email: string): string =>
  hmac("sign-in-throttle", nameKey(email.trim())).toString("base64url");

/** The browser's number for this account, if these marks hold a good one. */
export function deviceOf(email: string, marks: string | undefined): string | undefined {
  return goodMark(email, marks)?.device;
}

/** The marks after a sign-in: this account's first, fresh, under the number it had. */
export function markedDevice(email: string, marks: string | undefined): string {
  const before = goodMark(email, marks);
  const device = before?.device ?? randomBytes(16).toString("base64url");
  const until = (clock.now().getTime() + LIVES_MS).toString(36);
  const fresh = `${device}.${until}.${proofOf(email, device, until).toString("base64url")}`;
  const others = split(marks).filter((mark) => mark !== before?.mark);
  return [fresh, ...others].slice(0, MARKS).join("~");
}

function goodMark(email: string, marks: string | undefined) {
  for (const mark of split(marks)) {
    const [device = "", until = "", proof = ""] = mark.split(".");
    if (Number.parseInt(until, 36) <= clock.now().getTime()) continue;
    if (sameBytes(Buffer.from(proof, "base64url"), proofOf(email, device, until))) return { mark, device };
  }
  return undefined;
}

const split = (marks = ""): string[] =>
  marks
    .split("~")
    .slice(0, MARKS)
    .filter((mark) => /^[\w-]{22}\.[0-9a-z]{1,12}\.[\w-]{43}$/.test(mark));

const proofOf = (email: string, device: string, until: string): Buffer =>
  hmac("known-device", `${accountKey(email)}\n${device}\n${until}`);
