import { startRedis } from "../../test/servers/redis";
import { expect, newCredential, newProgram, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

test("one of the many kinds is found by another word, filled in and saved without a mouse", async ({
  page,
  product,
}) => {
  const program = await newProgram(product);
  await page.goto("/credentials/new");
  await page.keyboard.type("chatgpt");
  await expect(page.getByText("Enter opens OpenAI API")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: /^OpenAI API/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New: OpenAI API" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Documentation/ })).toHaveAttribute(
    "href",
    /^https:\/\/platform\.openai\.com/,
  );
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page.getByText("OpenAI API key is required")).toBeVisible();
  await expect(page.getByLabel("OpenAI API key")).toBeFocused();
  await page.keyboard.type("sk-typed-s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1) ?? "";
  expect((await program.fetchSecret(id)).data).toEqual({ openAIApiKey: "sk-typed-s3cret" });
  await page.goto(`/credentials/${id}/configuration`);
  await expect(page.getByText("OpenAI API key")).toBeVisible();
  expect(await page.content()).not.toContain("sk-typed-s3cret");
});

test("its secrets are kept, replaced and cleared one by one", async ({ page, product, api }) => {
  const credentials = {
    awsKey: "AKIA-kept",
    awsSecret: "old-s3cret",
    awsSession: "to-be-cleared",
    note_of_theirs: "n0te",
  };
  const { id } = await newCredential(api, "awsApi", { credential_type: "api_key", credentials });
  const program = await newProgram(product);
  await page.goto(`/credentials/${id}/edit`);
  const choices = (field: string) => page.getByRole("group", { name: `What to do with the stored ${field}` });
  await choices("secret access key").getByRole("radio", { name: "Replace" }).check();
  await page.getByLabel("New secret access key").fill("new-s3cret");
  await choices("session token").getByRole("radio", { name: "Clear" }).check();
  // A field that no schema knows is there by its name, and kept like the others.
  await expect(choices("note_of_theirs").getByRole("radio", { name: "Keep" })).toBeChecked();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${id}$`));
  const kept = { awsKey: "AKIA-kept", awsSecret: "new-s3cret", note_of_theirs: "n0te" };
  expect((await program.fetchSecret(id)).data).toEqual(kept);
});

test("a kind without a test says so in form, bar and page, and one that lacks an address says which", async ({
  page,
}) => {
  await page.goto("/credentials/new/agentflowApi");
  await expect(page.getByText("Latchkey cannot test this kind of credential")).toBeVisible();
  await expect(page.getByRole("status").getByText("Cannot be tested")).toBeVisible();
  await page.getByLabel("Agentflow Api Key").fill("s3cret");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Cannot be tested")).toBeVisible();
  await page.goto("/credentials/new/qdrantApi");
  await expect(page.getByText("Without “Address for the connection test”")).toBeVisible();
  await page.getByLabel("Address for the connection test").fill("https://qdrant.example.com:6333");
  await expect(page.getByRole("button", { name: "Test", exact: true })).toBeVisible();
});

test("a Redis server is signed in to before its credential is saved", async ({ page }) => {
  const redis = await startRedis();
  await page.goto("/credentials/new/redisCacheApi");
  await page.getByLabel("Host", { exact: true }).fill("localhost");
  await page.getByLabel("Port").fill(String(redis.tlsPort));
  await page.getByLabel("User").fill(redis.user);
  await page.getByLabel("Password").fill("wrong-s3cret");
  await page.getByRole("switch", { name: "Use TLS" }).click();
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("The server refused this user name and password.").first()).toBeVisible();
  await page.getByLabel("Password").fill(redis.password);
  await page.getByRole("button", { name: "Test again" }).click();
  await expect(page.getByText("It works", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page).toHaveURL(/\/credentials\/[0-9a-f-]{36}$/);
  await redis.stop();
});

test("the picker and its forms are free of what axe finds, and fit a phone", async ({ page }) => {
  const forms = ["googleVertexAuth", "ibmWatsonx", "redisCacheApi", "gmailOAuth2", "PostgresUrl"];
  for (const path of ["/credentials/new", ...forms.map((id) => `/credentials/new/${id}`)]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectClean(page, path);
    await expectFitsPhone(page, path);
  }
});
