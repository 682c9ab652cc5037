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
