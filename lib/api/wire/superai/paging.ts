/** The body of a list is a bare array, so the way to the next page is in the headers (RFC 8288). */
export function pageHeaders(query: URLSearchParams, next: string | null): Record<string, string> {
  if (next === null) return {};
  const following = new URLSearchParams(query);
  following.set("cursor", next);
  return { "X-Next-Cursor": next, Link: `<?${following}>; rel="next"` };
}
