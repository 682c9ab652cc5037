import { toast } from "sonner";
import { type AuthorizationNotice, authorizationMessage, isWhole } from "@/lib/vocabulary/authorization-outcome";

/** Long enough to read what is lacking; the page goes on saying it. */
const READING_MS = 15_000;

/**
 * Tells that a sign-in brought access, and what it lacks.
 * @param next what comes of it, where nothing is lacking
 */
export function toastConnected(notice: AuthorizationNotice, provider: string, next?: string): void {
  const { title, text } = authorizationMessage(notice, provider);
  if (isWhole(notice)) toast.success(title, { description: next });
  else toast.warning(title, { description: text, duration: READING_MS });
}
