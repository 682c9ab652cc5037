import "server-only";
import { InvalidArgumentError } from "commander";
import { clock } from "@/lib/platform/clock";

const UNITS_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000, y: 365 * 86_400_000 };

/** The end of a span that begins now, such as 12h, 90d, 4w or 1y: the parser of `--expires`. */
export function endOfSpan(text: string): Date {
  const [, count, unit] = /^([1-9]\d{0,3})([hdwy])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit ?? ""];
  if (!count || !unitMs) throw new InvalidArgumentError("Use a number and h, d, w or y, such as 90d.");
  return new Date(clock.now().getTime() + Number(count) * unitMs);
}
