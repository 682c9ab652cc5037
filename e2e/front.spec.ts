import { expect, test } from "./fixtures";

test.use({ storageState: { cookies: [], origins: [] } });

test.describe("one port serves the console and the API", () => {
  test("a page comes from the console, an API path from the API", async ({ request }) => {
    expect((await request.get("/sign-in")).headers()["content-type"]).toContain("text/html");
    const health = await request.get("/api/health");
    expect(health.status()).toBe(200);
    expect(await health.json()).toEqual({ live: true, ready: true });
  });

  test("the native API answers with and without /api, and alike", async ({ request }) => {
    const answers = await Promise.all(
      ["/api/integrations/credentials", "/integrations/credentials"].map((path) => request.get(path)),
    );
    for (const answer of answers) {
      expect(answer.status()).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { message: "Authentication required" } });
    }
  });

  test("headers that steer Next from inside change nothing", async ({ request }) => {
    const plain = await request.get("/credentials", { maxRedirects: 0 });
    const steered = await request.get("/credentials", {
      maxRedirects: 0,
      headers: {
        "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
        "x-invoke-path": "/sign-in",
        "x-nextjs-data": "1",
        "x-forwarded-host": "evil.example",
        "x-latchkey-address": "6.6.6.6",
      },
    });
    expect(steered.status()).toBe(plain.status());
    expect(steered.headers().location).toBe(plain.headers().location);
    expect(await steered.text()).not.toContain("evil.example");
  });

  test("an unread method, a broken path and an unknown page are plain refusals", async ({ request }) => {
    expect((await request.fetch("/api/health", { method: "DELETE" })).status()).toBe(405);
    expect((await request.get("/api/integrations/credentials/%E0%A4%A")).status()).toBe(400);
    expect((await request.get("/nothing/here")).status()).toBe(404);
  });
});
