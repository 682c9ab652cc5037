import { expect, signIn, test } from "../fixtures";

test("a changed password signs out the other browsers and not this one", async ({ product, pageOf, newPerson }) => {
  const person = await newPerson("app_user");
  const [here, there] = [await pageOf(person), await pageOf(person)];
  await there.goto("/credentials");
  await here.goto("/account");
  await here.getByLabel("Present password").fill("not the password");
  await here.getByLabel("New password", { exact: true }).fill("a new password that is long");
  await here.getByLabel("New password again").fill("a new password that is long");
  await here.getByRole("button", { name: "Change the password" }).click();
  await expect(here.getByText("Is not your present password").first()).toBeVisible();
  await here.getByLabel("Present password").fill(person.password);
  await here.getByRole("button", { name: "Change the password" }).click();
  await expect(here.getByText("Your password is changed")).toBeVisible();
  await there.goto("/credentials");
  await expect(there).toHaveURL(/\/sign-in/);
  await here.goto("/credentials");
  await expect(here.getByRole("heading", { level: 1, name: "Credentials" })).toBeVisible();
  await signIn(product, { ...person, password: "a new password that is long" });
});

test("five wrong passwords end the session in which they were typed", async ({ pageOf, newPerson }) => {
  const page = await pageOf(await newPerson("app_user"));
  await page.goto("/account");
  await page.getByLabel("New password", { exact: true }).fill("a new password that is long");
  await page.getByLabel("New password again").fill("a new password that is long");
  for (let at = 1; at <= 5; at++) {
    await page.getByLabel("Present password").fill(`wrong ${at}`);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Change the password" }).click();
    await answered;
  }
  await expect(page.getByRole("alertdialog", { name: "Your session has ended" })).toBeVisible();
  await page.goto("/credentials");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing out everywhere ends every browser's session", async ({ pageOf, newPerson }) => {
  const person = await newPerson("app_user");
  const [here, there] = [await pageOf(person), await pageOf(person)];
  await here.goto("/account");
  await here.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(here).toHaveURL(/\/sign-in/);
  await there.goto("/credentials");
  await expect(there).toHaveURL(/\/sign-in/);
});

test("the theme is the person's to choose, and stays", async ({ page }) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "account and theme" }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveClass(/dark/);
  await page.reload();
  await expect(page.locator("html")).toHaveClass(/dark/);
});
