import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Axe finds nothing on the page as it stands. The themes differ in colours alone, so the dark one is asked for those. */
export async function expectClean(page: Page, where: string): Promise<void> {
  await wear(page, "light");
  expect(await findings(new AxeBuilder({ page }).withTags(rules)), where).toEqual([]);
  await wear(page, "dark");
  expect(await findings(new AxeBuilder({ page }).withRules("color-contrast")), `${where}, dark`).toEqual([]);
}

/** Pages of the console carry the theme as a class; bare ones follow the browser by themselves. */
async function wear(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((wanted) => {
    const { classList } = document.documentElement;
    return classList.contains(wanted) || !(classList.contains("light") || classList.contains("dark"));
  }, colorScheme);
}

async function findings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
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
