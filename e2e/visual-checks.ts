import { expect, type Page } from "@playwright/test";
import axe, { type AxeResults, type RunOptions } from "axe-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Axe finds nothing on the page as it stands. The themes differ in colours alone, so the dark one is asked for those. */
export async function expectClean(page: Page, where: string): Promise<void> {
  await wear(page, "light");
  expect(await findings(page, { type: "tag", values: rules }), where).toEqual([]);
  await wear(page, "dark");
  expect(await findings(page, CONTRAST), `${where}, dark`).toEqual([]);
}

/** Pages of the console carry the theme as a class; bare ones follow the browser by themselves. */
async function wear(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((wanted) => {
    const { classList } = document.documentElement;
    return classList.contains(wanted) || !(classList.contains("light") || classList.contains("dark"));
  }, colorScheme);
}

const CONTRAST: RunOptions["runOnly"] = { type: "rule", values: ["color-contrast"] };

/** Axe finds no text that is hard to read against what is behind it. */
export const expectReadable = async (page: Page): Promise<void> => expect(await findings(page, CONTRAST)).toEqual([]);

/**
 * Asked in the page itself, which has no frames: Axe's own way with Playwright merges those of all frames in a page that it opens
 * and reads the whole of Axe into, each time.
 */
async function findings(page: Page, runOnly: RunOptions["runOnly"]): Promise<string[]> {
  expect(page.frames()).toHaveLength(1);
  await page.evaluate(`void (globalThis.axe || (() => { ${axe.source} })())`);
  const options: RunOptions = { runOnly, resultTypes: ["violations"] };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

const PHONE = { width: 390, height: 844 };

/** Nothing on the page has to be scrolled sideways on a phone. */
export async function expectFitsPhone(page: Page, where: string): Promise<void> {
  const before = page.viewportSize() ?? PHONE;
  await page.setViewportSize(PHONE);
  const [content = 0, screen = 0] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    window.innerWidth,
  ]);
  expect(content, where).toBeLessThanOrEqual(screen);
  await page.setViewportSize(before);
}
