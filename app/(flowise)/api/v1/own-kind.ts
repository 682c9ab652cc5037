import type { Call } from "@/lib/api/http/call";
import { ownKindForm } from "@/lib/own-kinds";
import { isOwnKindId } from "@/lib/providers/own-id";

/** Finds a kind by its name among those that the caller's organisation has made. */
export const ownKindOf = (actor: Call["actor"]) => async (name: string) =>
  isOwnKindId(name) ? ownKindForm(actor, name) : undefined;
