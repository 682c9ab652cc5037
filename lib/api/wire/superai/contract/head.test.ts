import { expect, test } from "vitest";
import { walkThrough } from "@/test/oauth/browser";
import { cookieOf, noticeIn, signInWorld } from "@/test/sign-in";

/** Programs that look at a link before they follow it ask with HEAD: what its GET does must be left for that. */
const world = signInWorld();
const REFUSED = { status: 405, text: "" };
const allowed = ({ headers }: { headers: Headers }) => headers.get("allow");

test.each([
  ["/integrations/google/authorize", undefined],
  ["/api/integrations/plugins/google/oauth/authorize", "google"],
])("a way back that began at %s is not used up by HEAD", async (path, plugin) => {
  const wanted = { redirect_to: "/credentials", integration_name: "Looked at first", provider_name: plugin };
  const begun = plugin
    ? await world.api.send("POST", path, { token: world.user, body: wanted })
    : await world.get(path);
  const address = new URL(begun.body.authorization_url).searchParams.get("redirect_uri") ?? "";
  const query = await walkThrough(new URL(begun.body.authorization_url), address);
  const back = `${new URL(address).pathname}?${query}`;
  const headers = { cookie: cookieOf(begun) };
  const looked = await world.api.send("HEAD", back, { headers });
  expect(looked).toMatchObject(REFUSED);
  expect(allowed(looked)).toBe("GET, OPTIONS");
  const ended = await fetch(world.api.url + back, { headers, redirect: "manual" });
  if (plugin) expect(ended.headers.get("location")).toContain("sign_in=connected");
  else expect(noticeIn({ text: await ended.text() } as never)).toMatchObject({ ending: "connected" });
});

test("HEAD begins no sign-in and makes no token", async () => {
  for (const [path, token, refused] of [
    ["/api/integrations/google/authorize", world.user, REFUSED],
    // This dialect says so with another status.
    ["/v1.0/token", world.user, { status: 400, text: "" }],
    ["/api/v1/oauth2-credential/callback?code=x&state=y", undefined, REFUSED],
  ] as const) {
    const answer = await world.api.send("HEAD", path, { token });
    expect(answer, path).toMatchObject(refused);
    if (answer.status === 405) expect(allowed(answer), path).toBe("GET, OPTIONS");
    expect(answer.headers.get("set-cookie"), path).toBeNull();
  }
});

test("the export of the audit log, which is on record, is not made for HEAD", async () => {
  const { HEAD } = await import("@/app/(console)/audit/export/route");
  expect(HEAD().status).toBe(405);
});
