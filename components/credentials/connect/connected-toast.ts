import { toast } from "sonner";
import { type EndingNotice, endingWords, isWhole } from "@/lib/credentials/endings";

/** Long enough to read what is lacking; the page goes on saying it. */
const READING_MS = 15_000;

/**
 * Tells that a sign-in brought access, and what it lacks.
 * @param next what comes of it, where nothing is lacking
 */
export function toastConnected(notice: EndingNotice, provider: string, next?: string): void {
  const { title, text } = endingWords(notice, provider);
  if (isWhole(notice)) toast.success(title, { description: next });
  else toast.warning(title, { description: text, duration: READING_MS });
}
