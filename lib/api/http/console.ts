import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/authorization/actor";
import { env } from "@/lib/platform/env";
import { Refusal } from "@/lib/platform/refusal";
import { addressOf } from "./address";
import { requestIdOf } from "./request-id";
import { sessionOf } from "./session-cookie";

export interface ConsoleVisitor {
  actor: Actor;
  userName: string;
  organizationName: string;
  /** Something that was set up from outside waits for this person to confirm it. */
  setUpWaits: boolean;
}

/** Who is at the console; asked once per render. */
export const consoleVisitor = cache(async (): Promise<ConsoleVisitor | null> => {
  const sent = await headers();
  const jar = Object.fromEntries((await cookies()).getAll().map(({ name, value }) => [name, value]));
  const session = await sessionOf(sent, jar);
  if (!session) return null;
  const { actor, expiresAt: _, ...shown } = session;
  return { actor: { ...actor, requestId: requestIdOf(sent), address: addressOf(sent) }, ...shown };
});

/** For pages: sends strangers to the sign-in page, and back to where they were going. */
export async function requireConsole(): Promise<ConsoleVisitor> {
  const visitor = await consoleVisitor();
  if (visitor) return visitor;
  const wanted = (await headers()).get("x-latchkey-path") ?? "/credentials";
  redirect(`/sign-in?next=${encodeURIComponent(wanted)}`);
}

/** For actions and feeds. @throws Refusal "unauthenticated" */
export async function requireVisitor(): Promise<ConsoleVisitor> {
  const visitor = await consoleVisitor();
  if (!visitor) throw new Refusal("unauthenticated", "Your session has ended. Sign in again; what you typed is kept.");
  return visitor;
}

/**
 * A request that changes something must come from our own pages: Origin is ours (absent or null is refused), and the
 * browser, where it says so, calls the request same-origin.
 * @throws Refusal "forbidden"
 */
export function requireOwnOrigin(sent: Headers): void {
  const site = sent.get("sec-fetch-site");
  if (sent.get("origin") === new URL(env().PUBLIC_URL).origin && (site === null || site === "same-origin")) return;
  throw new Refusal(
    "forbidden",
    `This request does not come from ${env().PUBLIC_URL}. Open the console at that address.`,
  );
}
