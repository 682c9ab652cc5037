import { request as requests } from "@playwright/test";
import { expect, newCredential, test } from "../fixtures";

/** What a first visit may cost on the wire, in thousands of bytes: without a cache, all that the page asks for. */
const BUDGET: Record<string, { scripts: number; all: number }> = {
  "/sign-in": { scripts: 215, all: 300 },
  "/credentials": { scripts: 320, all: 430 },
  "/credentials/new": { scripts: 320, all: 430 },
  "/credentials/new/sftp": { scripts: 320, all: 430 },
  "/people": { scripts: 320, all: 430 },
  "/audit": { scripts: 320, all: 430 },
  "/import": { scripts: 320, all: 430 },
};

const STRANGER = { cookies: [], origins: [] };

for (const [path, budget] of Object.entries(BUDGET)) {
  test(`a first visit of ${path} stays within its bytes, and every text of it comes compressed`, async ({
    browser,
    product,
    freshCookies,
    api,
  }) => {
    await newCredential(api);
    const storageState = path === "/sign-in" ? STRANGER : await freshCookies();
    const context = await browser.newContext({ baseURL: product.url, storageState });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    const kinds = new Map<string, { url: string; type: string; encoding: string; mime: string }>();
    const sizes = new Map<string, number>();
    devtools.on("Network.responseReceived", ({ requestId, type, response }) => {
      const encoding = response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "";
      kinds.set(requestId, { url: response.url, type, encoding, mime: response.mimeType });
    });
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
      sizes.set(requestId, encodedDataLength),
    );
    await page.goto(path, { waitUntil: "networkidle" });
    await context.close();
    const loaded = [...kinds].map(([id, kind]) => ({ ...kind, bytes: sizes.get(id) ?? 0 }));
    const plain = loaded.filter(
      ({ encoding, mime, bytes }) => !encoding && bytes > 2_048 && !/font|woff|image\/png/.test(mime),
    );
    expect(plain.map(({ url, mime }) => `${mime} ${url}`)).toEqual([]);
    const sum = (list: { bytes: number }[]) => Math.round(list.reduce((all, { bytes }) => all + bytes, 0) / 1_000);
    const scripts = sum(loaded.filter(({ type }) => type === "Script"));
    const all = sum(loaded);
    test.info().annotations.push({ type: "kB", description: `${path}: scripts ${scripts}, all ${all}` });
    expect(loaded.length).toBeGreaterThan(5);
    expect(scripts, "scripts").toBeLessThanOrEqual(budget.scripts);
    expect(all, "everything").toBeLessThanOrEqual(budget.all);
  });
}

test("feeds come compressed to who takes that, and plain to who does not", async ({ product, freshCookies, api }) => {
  for (let made = 0; made < 5; made++) await newCredential(api);
  for (const [accept, encoding] of [
    ["br", "br"],
    ["gzip", "gzip"],
    ["identity", undefined],
  ] as const) {
    const visitor = await requests.newContext({
      baseURL: product.url,
      storageState: await freshCookies(),
      extraHTTPHeaders: { "accept-encoding": accept },
    });
    const answer = await visitor.get("/credentials/feed");
    expect(answer.headers()["content-encoding"]).toBe(encoding);
    expect((await answer.json()).items.length).toBeGreaterThanOrEqual(5);
    await visitor.dispose();
  }
});
