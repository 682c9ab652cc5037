import { changeCredential, expect, newCredential, newProgram, test } from "../fixtures";

test("when somebody else saved first, mine goes on top of theirs and nothing is lost", async ({
  page,
  product,
  api,
}) => {
  const { id } = await newCredential(api);
  const program = await newProgram(product);
  await page.goto(`/credentials/${id}/edit`);
  await page.getByLabel("Database").fill("mine");
  await page.getByLabel("New password").fill("my-s3cret");
  await changeCredential(api, id, { tags: ["theirs"], credentials: { username: "them", password: "their-s3cret" } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const panel = page.getByRole("status").filter({ hasText: "Somebody else saved this credential" });
  await expect(panel).toContainText("Nothing was saved and nothing you typed is lost");
  await expect(panel.getByText(/version 2/)).toContainText("Tags, Password, User name");
  await expect(panel.getByRole("row", { name: /^User name/ })).toContainText("them");
  await expect(panel.getByRole("row", { name: /^Password changed by both/ })).toContainText(
    "a new value that you typed",
  );
  await panel.getByRole("button", { name: "Put my changes on top of theirs" }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByLabel("Database")).toHaveValue("mine");
  await expect(page.getByLabel("User name")).toHaveValue("them");
  await expect(page.getByLabel("New password")).toHaveValue("my-s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  const { data } = await program.fetchSecret(id);
  expect(data).toMatchObject({ database: "mine", username: "them", password: "my-s3cret" });
});

test("theirs can be loaded instead", async ({ page, api }) => {
  const { id } = await newCredential(api);
  await page.goto(`/credentials/${id}/edit`);
  await page.getByLabel("Tags").fill("mine");
  await changeCredential(api, id, { tags: ["theirs"] });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Drop mine, load theirs" }).click();
  await expect(page.getByLabel("Tags")).toHaveValue("theirs");
});
