import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/authorization/actor";
import { type CredentialView, getCredential } from "@/lib/credentials";
import { Refusal } from "@/lib/platform/refusal";

const read = cache(getCredential);

/** Frame, page and title of one request read the credential once. What does not exist, or is no id, is a page that says so. */
export const knownCredential = async (actor: Actor, id: string): Promise<CredentialView> => {
  try {
    return await read(actor, id);
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid")) notFound();
    throw error;
  }
};

/** For the page's title, which is asked for beside the page: it says nothing more than the page will. */
export const knownName = async (actor: Actor, id: string): Promise<string> =>
  (await read(actor, id).catch(() => undefined))?.name ?? "Nothing here";
