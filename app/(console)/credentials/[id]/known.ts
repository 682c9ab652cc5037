import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/actor";
import { type CredentialView, getCredential } from "@/lib/credentials";
import { Refusal } from "@/lib/refusal";

/** Frame, page and title of one request read the credential once. What does not exist, or is no id, is a page that says so. */
export const knownCredential = cache(async (actor: Actor, id: string): Promise<CredentialView> => {
  try {
    return await getCredential(actor, id);
  } catch (error) {
    if (error instanceof Refusal && (error.code === "not_found" || error.code === "invalid")) notFound();
    throw error;
  }
});
