import { ACCOUNT, sas, startAzureBlob } from "../../test/servers/azure-blob";
import { expect, newProgram, test } from "../fixtures";

test("Azure Blob Storage is found among what keeps files, and a pasted connection string fills its form", async ({
  page,
  product,
}) => {
  const program = await newProgram(product);
  await page.goto("/credentials/new");
  await expect(page.getByRole("region", { name: "Files" }).getByRole("link", { name: /^Azure Blob/ })).toBeVisible();
  await page.keyboard.type("azure blob");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New: Azure Blob Storage" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Documentation \(/ })).toHaveAttribute("href", /learn\.microsoft\.com/);
  await page
    .getByLabel("Have it in one piece?")
    .fill(
      `DefaultEndpointsProtocol=https;AccountName=exampleaccount;AccountKey=${ACCOUNT.key};EndpointSuffix=core.windows.net`,
    );
  await expect(page.getByLabel("Storage account")).toHaveValue("exampleaccount");
  await page.getByLabel("Container").fill("invoices");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1) ?? "";
  expect((await program.fetchSecret(id)).data).toEqual({
    account_name: "exampleaccount",
    account_key: ACCOUNT.key,
    container: "invoices",
  });
  expect(await page.content()).not.toContain(ACCOUNT.key);
});

test("a shared access signature is tested in its form, and an ended one is told before anything is sent", async ({
  page,
}) => {
  const blob = await startAzureBlob();
  try {
    await page.goto("/credentials/new/azure_blob");
    await page
      .getByLabel("Have it in one piece?")
      .fill(`${blob.endpoint}/${ACCOUNT.container}?${sas({ until: "2001-01-01T00:00:00Z" })}`);
    await expect(page.getByRole("radio", { name: /Shared access signature/ })).toBeChecked();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await expect(
      page.getByRole("complementary", { name: "Connection test" }).getByText(/signature has ended/),
    ).toBeVisible();
    expect(blob.asked).toEqual([]);
  } finally {
    await blob.stop();
  }
});

test("any HTTP service's key is kept with where it goes, and its form says which path proves it", async ({
  page,
  product,
}) => {
  const program = await newProgram(product);
  await page.goto("/credentials/new");
  const drawer = page.getByRole("region", { name: "Any HTTP service" });
  await drawer.getByRole("link", { name: /^API key for any service/ }).click();
  await page.getByLabel("Base URL").fill("https://api.example.com/v1");
  await page.getByLabel("Name of the header or parameter").fill("Authorization");
  await page.getByLabel("In front of the key").fill("Bearer");
  await page.getByRole("textbox", { name: "Key", exact: true }).fill("typed-s3cret");
  await page.getByLabel("Path of the test").fill("/me");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("api.example.com/v1 by header Authorization");
  const id = page.url().split("/").at(-1) ?? "";
  expect((await program.fetchSecret(id)).data).toEqual({
    ...{ base_url: "https://api.example.com/v1", key_in: "header", key_name: "Authorization", key_prefix: "Bearer" },
    ...{ api_key: "typed-s3cret", test_path: "/me" },
  });
});
