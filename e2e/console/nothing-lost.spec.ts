import { randomUUID } from "node:crypto";
import { ageThePasswordChecks, expect, test } from "../fixtures";

test.describe("a dialog with something typed into it", () => {
  const forms = [
    { path: "/people", open: "Invite", field: "E-mail address" },
    { path: "/service-accounts", open: "New service account", field: "Name" },
    { path: "/organizations", open: "New organisation", field: "Name" },
    { path: "/tokens", open: "New token", field: "Name" },
  ];
  for (const { path, open, field } of forms) {
    test(`on ${path} asks before Escape, its cross or a click beside it throws that away`, async ({ page }) => {
      await page.goto(path);
      await page.getByRole("button", { name: open }).click();
      const input = page.getByRole("dialog").getByLabel(field);
      await input.fill("half a word");
      const leave = [
        () => page.keyboard.press("Escape"),
        () => page.getByRole("button", { name: "Close", exact: true }).last().click(),
        () => page.mouse.click(5, 5),
      ];
      for (const close of leave) {
        await close();
        const question = page.getByRole("alertdialog", { name: "Close without saving?" });
        await expect(question).toBeVisible();
        await question.getByRole("button", { name: "Go on typing" }).click();
        await expect(input).toHaveValue("half a word");
      }
      await page.keyboard.press("Escape");
      // Escape takes the question back as well.
      await page.keyboard.press("Escape");
      await expect(input).toHaveValue("half a word");
      await page.keyboard.press("Escape");
      await page.getByRole("alertdialog").getByRole("button", { name: "Close", exact: true }).first().click();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expect(page.getByRole("alertdialog")).toHaveCount(0);
    });
  }

  test("closes at once while nothing is typed, and by its own Cancel", async ({ page }) => {
    await page.goto("/people");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("dialog").getByLabel("E-mail address").fill("x");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});

test("what is shown once stays until one says that one has it", async ({ page, api }) => {
  const account = await (await api.post("/api/service-accounts", { data: { name: `Once ${randomUUID()}` } })).json();
  await page.goto(`/service-accounts/${account.id}`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("once");
  await page.getByRole("dialog").getByRole("button", { name: "Create the token" }).click();
  const once = page.getByTestId("once");
  const token = (await once.textContent()) ?? "";
  expect(token).not.toBe("");
  const leave = [
    () => page.keyboard.press("Escape"),
    () => page.getByRole("button", { name: "Close", exact: true }).click(),
  ];
  for (const close of leave) {
    await close();
    await expect(page.getByRole("alertdialog", { name: "Do you have the token?" })).toBeVisible();
    await page.getByRole("button", { name: "Show it again" }).click();
    await expect(once).toHaveText(token);
  }
  await page.mouse.click(5, 5);
  await expect(once).toBeVisible();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await expect(once).toHaveCount(0);
});

test("a question for the password stands alone, and the dialog that led to it comes back", async ({
  page,
  product,
  admin,
  api,
}) => {
  const account = await (await api.post("/api/service-accounts", { data: { name: `Alone ${randomUUID()}` } })).json();
  await page.goto(`/service-accounts/${account.id}`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("alone");
  await ageThePasswordChecks(product);
  await page.getByRole("dialog").getByRole("button", { name: "Create the token" }).click();
  await expect(page.getByText("Confirm your password")).toBeVisible();
  await expect(page.getByText("New API token")).toBeHidden();
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(1);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("New API token")).toBeVisible();
  await expect(page.getByRole("dialog").getByLabel("Name")).toHaveValue("alone");
  // Confirmed, it counts again for whoever shares this session.
  await page.getByRole("button", { name: "Create the token" }).click();
  await page.getByLabel("Password", { exact: true }).fill(admin.password);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByTestId("once")).toBeVisible();
});
