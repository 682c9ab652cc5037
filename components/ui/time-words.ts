const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "40 s ago", "5 min ago", "3 h ago", "12 days ago", "3 Nov 2025". */
export function ago(at: string, now: number, zone?: string): string {
  const passed = Math.max(0, now - Date.parse(at));
  if (passed < 10_000) return "just now";
  if (passed >= 30 * DAY) return day(at, zone);
  return `${span(passed)} ago`;
}

/** "in 5 min", "in 12 days", "3 Nov 2027"; the same as `ago` once it has passed. */
export function until(at: string, now: number, zone?: string): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return ago(at, now, zone);
  return left >= 60 * DAY ? day(at, zone) : `in ${span(left)}`;
}

export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}

/** "0.4 s", "12 ms": how long a step took. */
export const took = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** A day of the reader's own, unless a zone is given. */
export const day = (at: string, zone?: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: zone }).format(
    new Date(at),
  );

/** The same as a date field holds it: YYYY-MM-DD. */
export function dayOf(at: string): string {
  const date = new Date(at);
  const [month, days] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${String(date.getFullYear()).padStart(4, "0")}-${month}-${days}`;
}

/** The last second of a day of the reader's own. */
export const endOfDay = (day: string): Date => new Date(`${day}T23:59:59`);
