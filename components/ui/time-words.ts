const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "40 s ago", "5 min ago", "3 h ago", "12 days ago", "3 Nov 2025". */
export function ago(at: string, now: number): string {
  const passed = Math.max(0, now - Date.parse(at));
  if (passed < 10_000) return "just now";
  if (passed >= 30 * DAY) return day(at);
  return `${span(passed)} ago`;
}

/** "in 5 min", "in 12 days", "3 Nov 2027"; the same as `ago` once it has passed. */
export function until(at: string, now: number): string {
  const left = Date.parse(at) - now;
  if (left <= 0) return ago(at, now);
  return left >= 60 * DAY ? day(at) : `in ${span(left)}`;
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

/** In UTC, so that server and browser write the same. */
export const day = (at: string): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(
    new Date(at),
  );
