import { expect, test } from "../fixtures";
import { expectFitsPhone } from "../visual-checks";

/** Nobody is signed in: the contract is for anybody. */
test.use({ storageState: { cookies: [], origins: [] } });

const pages = [
  ["/docs", "Latchkey API", "listCredentials"],
  ["/docs/flowise", "Latchkey: Flowise's dialect", "revealCredential"],
  ["/docs/litegraph", "Latchkey: LiteGraph's dialect", "onboardTenant"],
] as const;

for (const [path, title, operation] of pages) {
  test(`${path} shows the document in both themes and on a phone, and asks nobody else for anything`, async ({
    page,
  }) => {
    // Requests to other origins and complaints of the browser fail every test of this kind; violations are made complaints.
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`content security policy: ${violatedDirective} ${blockedURI}`);
      });
    });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expect(page.getByRole("heading", { name: title })).toBeVisible();
      await page.locator(`[id$="-${operation}"]`).getByRole("button").first().click();
      await expect(page.locator(`[id$="-${operation}"]`).getByText("Responses", { exact: true })).toBeVisible();
      await expectFitsPhone(page, `${path} ${colorScheme}`);
    }
    await expect(page.locator("html")).toHaveClass(/dark-mode/);
    for (const name of ["Try it out", /^authoriz(e|ation button)/i])
      await expect(page.getByRole("button", { name })).toHaveCount(0);
  });
}

test("the documents are there for anybody, kept for a while and known again", async ({ request }) => {
  for (const path of ["/api/openapi.json", "/api/openapi/flowise.json", "/api/openapi/litegraph.json"]) {
    const answer = await request.get(path);
    expect([answer.status(), (await answer.json()).openapi], path).toEqual([200, "3.1.0"]);
    const { etag = "", "cache-control": kept } = answer.headers();
    expect(kept).toBe("public, max-age=300");
    expect((await request.get(path, { headers: { "if-none-match": etag } })).status()).toBe(304);
  }
  expect((await request.get("/api/openapi/other.json")).status()).toBe(404);
  expect((await request.get("/docs/other")).status()).toBe(404);
});
