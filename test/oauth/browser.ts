/**
 * What a browser does between our redirect and the callback: follows the server's redirects with its cookies.
 * @returns the query that the callback address gets
 */
export async function walkThrough(start: URL, redirectUri: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let at = start.href;
  for (let hops = 0; hops < 10 && !at.startsWith(redirectUri); hops++) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
    const answer = await fetch(at, { redirect: "manual", headers });
    for (const line of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";", 1)[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (!location) throw new Error(`No redirect from ${new URL(at).pathname}: ${answer.status} ${await answer.text()}`);
    at = new URL(location, at).href;
  }
  return new URL(at).searchParams;
}
