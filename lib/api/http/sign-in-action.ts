"use client";

import { signIn, signOut } from "next-auth/react";
import type { ActionResult, PublicError } from "./public-error";

/** Signing in and out from the browser, through next-auth's own client and its cross-site check. */
export async function signInAction(input: {
  email: string;
  password: string;
  organization?: string | undefined;
  next?: string | undefined;
}): Promise<ActionResult<{ next: string }>> {
  const { next, organization, ...credentials } = input;
  // next-auth's client writes an absent value as the word "undefined".
  const named = organization ? { organization } : {};
  const result = await signIn("credentials", { ...credentials, ...named, redirect: false }).catch(() => undefined);
  if (result?.ok && !result.error) return { ok: true, value: { next: ownPath(next) } };
  return { ok: false, error: errorOf(result?.error ?? "unavailable") };
}

export const signOutAction = (): Promise<unknown> => signOut({ callbackUrl: "/sign-in" });

/** Signs out and stays where one is. */
export const signOutHere = (): Promise<unknown> => signOut({ redirect: false });

/** A path of this site; anything else becomes the list. */
export function ownPath(next: string | undefined): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) ? next : "/credentials";
}

function errorOf(text: string): PublicError {
  const [code, seconds] = text.split(":");
  const shared = { fields: [], requestId: "" };
  switch (code) {
    case "too_many_requests": {
      const retryAfterSeconds = Number(seconds) || 2;
      return {
        ...shared,
        code,
        message: `Too many attempts. Try again in ${retryAfterSeconds} seconds.`,
        retryAfterSeconds,
      };
    }
    case "conflict":
      return { ...shared, code, message: "Your address belongs to several organisations. Name the one to sign in to." };
    case "unauthenticated":
    case "CredentialsSignin":
      return { ...shared, code: "unauthenticated", message: "E-mail address or password is wrong." };
    default:
      return { ...shared, code: "unavailable", message: "Signing in does not work right now. Try again in a moment." };
  }
}
