import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { build } from "vite";

/** The real component in a page of its own, in front of a server whose answers the page makes up. */
let script: string;
test.beforeAll(async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    resolve: { alias: { "@": root.replace(/\/$/, "") } },
    build: {
      write: false,
      rolldownOptions: { input: "e2e/parts/session-guard.tsx", output: { format: "iife" } },
    },
  });
  const [output] = [built].flat();
  const [chunk] = output && "output" in output ? output.output : [];
  script = chunk?.type === "chunk" ? chunk.code : "";
});

test.beforeEach(async ({ page }) => {
  await page.setContent("<!doctype html><html lang='en'><title>Guard</title><body></body></html>");
  await page.addScriptTag({ content: script });
  await page.getByRole("button", { name: "Write" }).click();
});

test("of writes that wait for the password each gets its answer after one dialog; what wants another comes after it", async ({
  page,
}) => {
  await page.getByRole("textbox", { name: "Password" }).fill("the password");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.locator("li").filter({ hasText: /first|second/ })).toHaveText(["first: done", "second: done"]);
  await page
    .getByRole("alertdialog", { name: "Your session has ended" })
    .getByRole("button", { name: "Go on" })
    .click();
  await expect(page.locator("li")).toHaveText(["first: done", "second: done", "third: done"]);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("calling the dialog off answers each of them too", async ({ page }) => {
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(page.locator("li")).toHaveText(["first: refused", "second: refused", "third: refused"]);
});
