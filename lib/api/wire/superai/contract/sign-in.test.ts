import { describe, expect, test } from "vitest";
import { platformActor, updateOrganization } from "@/lib/organizations";
import { walkThrough } from "@/test/oauth/browser";
import { captureOutput } from "@/test/output";
import { cookieOf, HOME, noticeIn, PATH, signInWorld } from "@/test/sign-in";
import { tenant } from "@/test/tenant";

process.env.LOG_LEVEL = "debug";
const output = captureOutput();
const world = signInWorld();

describe.each(["google", "microsoft", "sharepoint"])("GET /integrations/%s/authorize", (provider) => {
  test("says where to go and what to register, with and without /api", async () => {
    for (const prefix of ["/api", ""]) {
      const { status, body, headers } = await world.get(`${prefix}/integrations/${provider}/authorize`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ redirect_uri: `${HOME}/api/integrations/${provider}/callback` });
      expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(9 * 60_000);
      expect(new URL(body.authorization_url).searchParams.get("redirect_uri")).toBe(body.redirect_uri);
      expect(headers.get("set-cookie")).toMatch(
        /^latchkey-connect=[\w-]{43}; Max-Age=600; Path=\/api; HttpOnly; SameSite=Lax$/,
      );
    }
  });

  test("sends a browser there", async () => {
    const headers = { authorization: `Bearer ${world.user}`, accept: "text/html,application/xhtml+xml,*/*" };
    const answer = await fetch(`${world.api.url}/api/integrations/${provider}/authorize`, {
      headers,
      redirect: "manual",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      expect.stringContaining("code_challenge_method=S256"),
    ]);
  });

  test("makes a credential that is listed, tested, fetched by a service account and renewed when its access has ended", async () => {
    const server = world.serverOf(provider);
    server.accessTokenSeconds = 30;
    const id = await world.connected(provider);
    const { body } = await world.get(`${PATH}/${id}`);
    expect(body).toMatchObject({
      provider,
      status: "active",
      google_email: provider === "google" ? "ana@example.com" : null,
    });
    server.accessTokenSeconds = 3_600;
    const before = server.grants("refresh_token");
    const tested = await world.test(id);
    expect(tested.body, tested.text).toMatchObject({ success: true, outcome: "ok" });
    expect(tested.body.steps[0]).toMatchObject({ step: "renew", status: "ok" });
    expect(server.grants("refresh_token")).toBe(before + 1);
    const fetched = await world.get(`${PATH}/${id}/credentials`, world.program);
    expect(await server.known(fetched.body.access_token)).toMatchObject({ account: "ana@example.com" });
    expect(server.grants("refresh_token")).toBe(before + 1);
    const forPeople = body.name + tested.text + (await world.get(`${PATH}/${id}`)).text;
    for (const secret of [fetched.body.access_token, fetched.body.refresh_token])
      expect(forPeople).not.toContain(secret);
  });

  test("reconnects a credential that the provider has ended, keeping its id", async () => {
    const server = world.serverOf(provider);
    const id = await world.connected(provider);
    await server.endGrant((await world.get(`${PATH}/${id}/credentials`, world.program)).body.refresh_token);
    const refused = await world.api.send("POST", `/api/v1/oauth2-credential/refresh/${id}`, { token: world.user });
    expect(refused.status).toBe(400);
    expect((await world.get(`${PATH}/${id}`)).body.status).toBe("needs_reauth");
    const tested = await world.test(id);
    expect(tested.body).toMatchObject({ success: false, reason: "needs_reauth" });
    const ended = await world.comesBack(await world.get(`/api/integrations/${provider}/authorize?credential_id=${id}`));
    expect(noticeIn(ended)).toMatchObject({ ending: "connected", credentialId: id });
    expect((await world.get(`${PATH}/${id}`)).body.status).toBe("active");
    expect((await world.test(id)).body).toMatchObject({ success: true });
  });

  test("is refused to service accounts, auditors and strangers", async () => {
    const [auditor, stranger] = [await world.mine.token(world.mine.auditor), await tenant()];
    const id = await world.connected(provider);
    const path = `/api/integrations/${provider}/authorize`;
    for (const token of [world.program, auditor]) expect((await world.get(path, token)).status).toBe(403);
    const foreign = await world.get(`${path}?credential_id=${id}`, await stranger.token(stranger.admin));
    expect([foreign.status, foreign.body.error.code]).toEqual([404, "not_found"]);
    expect((await world.api.send("GET", path)).status).toBe(401);
  });
});

describe("an authorize address", () => {
  test.each([
    ["an unknown provider", "/api/integrations/nothing/authorize", 404],
    ["a provider that nobody signs in at", "/api/integrations/sftp/authorize", 404],
    ["an unknown parameter", "/api/integrations/google/authorize?x=1", 400],
    ["an id that is none", "/api/integrations/google/authorize?credential_id=x", 400],
    ["a type of another provider", "/api/integrations/google/authorize?credential_type=sharepoint_oauth", 400],
    ["another site to go to", "/api/integrations/google/authorize?redirect_to=https://evil.example/x", 400],
    ["another site without a scheme", "/api/integrations/google/authorize?redirect_to=//evil.example", 400],
    ["another site behind a backslash", "/api/integrations/google/authorize?redirect_to=/%5Cevil.example", 400],
    [
      "another site behind our name",
      "/api/integrations/google/authorize?redirect_to=http://localhost:3000@evil.example/",
      400,
    ],
  ])("refuses %s", async (_what, path, status) => {
    const answer = await world.get(path);
    expect([answer.status, answer.body.request_id], answer.text).toEqual([status, expect.any(String)]);
    expect(answer.text).not.toContain("evil");
  });

  test("asks for chosen permissions, and says which were not granted", async () => {
    const begun = await world.get(`/api/integrations/microsoft/authorize?scopes=User.Read,Mail.Read`);
    expect(new URL(begun.body.authorization_url).searchParams.get("scope")).toBe(
      "openid profile email offline_access User.Read Mail.Read",
    );
    world.microsoft.next.without = ["Mail.Read"];
    const notice = noticeIn(await world.comesBack(begun));
    expect(notice).toMatchObject({ ending: "connected", missing: ["Mail.Read"] });
    const tested = await world.test(notice.credentialId);
    expect(tested.body).toMatchObject({ success: false, outcome: "degraded", reason: "permission_missing" });
    expect(tested.text).toContain("Mail: read");
  });
});

describe("the callback", () => {
  test("says each ending in a page that tells our own origin alone, and runs nothing but its own script", async () => {
    const begun = await world.get("/api/integrations/google/authorize");
    const page = await world.comesBack(begun);
    expect(page.text).toContain("<h1>Connected with Google</h1>");
    expect(page.text).toContain(`"origin":"${HOME}"`);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(page.headers.get("cache-control")).toBe("no-store");
    const again = await world.comesBack(begun);
    expect(again.status).toBe(404);
    world.google.next.answer = "refuse";
    const denied = await world.comesBack(await world.get("/api/integrations/google/authorize"));
    expect([denied.status, denied.text]).toEqual([400, expect.stringContaining("Access was not granted")]);
    world.google.next = { answer: "agree", account: "bob@example.com", without: [] };
    const id = noticeIn(page).credentialId;
    const other = await world.comesBack(await world.get(`/api/integrations/google/authorize?credential_id=${id}`));
    expect([other.status, other.text]).toEqual([409, expect.stringContaining("bob@example.com signed in")]);
  });

  test("is for the browser it began in; another one is told to start in the console", async () => {
    const page = await world.comesBack(await world.get("/api/integrations/google/authorize"), "");
    expect([page.status, page.text]).toEqual([403, expect.stringContaining("start it again there")]);
  });

  test("belongs to its provider: what was begun for one does not end at another's", async () => {
    const begun = await world.get("/api/integrations/google/authorize");
    const query = await walkThrough(new URL(begun.body.authorization_url), begun.body.redirect_uri);
    const path = `/api/integrations/sharepoint/callback?${query}`;
    const page = await world.api.send("GET", path, { headers: { cookie: cookieOf(begun) } });
    expect(noticeIn(page)).toMatchObject({ ending: "unusable" });
  });

  test("goes back to a path of ours, with how it ended and nothing else", async () => {
    const begun = await world.get("/api/integrations/google/authorize?redirect_to=/credentials%3Fq%3Ddrive");
    const query = await walkThrough(new URL(begun.body.authorization_url), begun.body.redirect_uri);
    const answer = await fetch(`${world.api.url}/api/integrations/google/callback?${query}`, {
      headers: { cookie: cookieOf(begun) },
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toMatch(
      /^\/credentials\?q=drive&sign_in=connected&credential_id=[0-9a-f-]{36}$/,
    );
  });

  test.each([
    ["nothing", ""],
    ["a made-up state", `code=a&state=${"z".repeat(43)}`],
    ["markup", "code=a&state=<script>alert(1)</script>&error=<b>"],
  ])("with %s is over, and repeats nothing", async (_what, query) => {
    const page = await world.api.send("GET", `/api/integrations/google/callback?${query}`);
    expect([page.status, noticeIn(page).ending]).toEqual([404, "expired"]);
    expect(page.text).not.toContain("alert(1)");
  });

  test("counts in the limits", async () => {
    const small = await tenant();
    await updateOrganization(platformActor("limits"), small.orgId, { maxPerProvider: 1 });
    const token = await small.token(small.user);
    const begin = () => world.get("/api/integrations/google/authorize", token);
    expect(noticeIn(await world.comesBack(await begin()))).toMatchObject({ ending: "connected" });
    const refused = await world.comesBack(await begin());
    expect([refused.status, noticeIn(refused).message]).toEqual([400, expect.stringContaining("as many credentials")]);
  });

  test("keeps a sign-in where only tested values are saved, having tested it", async () => {
    const strict = await tenant();
    await updateOrganization(platformActor("strict"), strict.orgId, { requireTestBeforeSave: true });
    const token = await strict.token(strict.user);
    const notice = noticeIn(await world.comesBack(await world.get("/api/integrations/google/authorize", token)));
    expect(notice).toMatchObject({ ending: "connected" });
    expect((await world.get(`${PATH}/${notice.credentialId}`, token)).body.last_test).toMatchObject({
      outcome: "ok",
      current: true,
    });
    world.apis.failing = 400;
    const refused = await world.comesBack(await world.get("/api/integrations/google/authorize", token));
    expect(noticeIn(refused)).toMatchObject({ ending: "refused" });
  });

  test("leaves no code, state or token in the log", async () => {
    const begun = await world.get("/api/integrations/google/authorize");
    const query = await walkThrough(new URL(begun.body.authorization_url), begun.body.redirect_uri);
    const page = await world.api.send("GET", `/api/integrations/google/callback?${query}`, {
      headers: { cookie: cookieOf(begun) },
    });
    const { body } = await world.get(`${PATH}/${noticeIn(page).credentialId}/credentials`, world.program);
    const secrets = [
      query.get("code"),
      query.get("state"),
      cookieOf(begun).split("=")[1],
      body.access_token,
      body.refresh_token,
    ];
    for (const secret of secrets) {
      expect(secret).toMatch(/^\S{20,}$/);
      expect(output.join("")).not.toContain(secret);
      expect(page.text).not.toContain(secret);
    }
    expect(output.join("")).toContain("/integrations/{provider}/callback");
  });
});
