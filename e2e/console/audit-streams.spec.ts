import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { expect, newCredential, test } from "../fixtures";
import { expectClean, expectFitsPhone } from "../visual-checks";

const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

/** A receiver of the audit log, which checks each batch with the library of Standard Webhooks and keeps it. */
async function receiver() {
  const kept: string[] = [];
  let status = 500;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    new Webhook(SECRET).verify(body, request.headers as Record<string, string>);
    if (status === 200) kept.push(body);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    kept,
    answers: (with_: number) => {
      status = with_;
    },
    stop: () => server.close().closeAllConnections(),
  };
}

test("a receiver is tried out before it is stored, gets the log, and whoever has its files and a public key can check them", async ({
  page,
  api,
  product,
  newPerson,
  pageOf,
}) => {
  const siem = await receiver();
  const folder = mkdtempSync(join(tmpdir(), "latchkey-received-"));
  try {
    await page.goto("/audit");
    await page.getByRole("link", { name: "Receivers" }).click();
    await expect(page.getByText("No receivers yet")).toBeVisible();
    await expectClean(page, "no receivers");
    await page.getByRole("button", { name: "New receiver" }).click();
    const form = page.getByRole("dialog", { name: "New receiver" });
    await form.getByRole("button", { name: "Test and save" }).click();
    await expect(form.getByText("Name is required")).toBeVisible();
    await form.getByLabel("Name").fill("SIEM");
    await form.getByLabel("URL").fill(siem.url);
    await form.getByLabel("Signing secret", { exact: true }).fill("no secret");
    await form.getByRole("radio", { name: "Everything that is stored" }).check();
    await form.getByRole("button", { name: "Test and save" }).click();
    await expect(form.getByText("Must be whsec_ and 24 to 64 bytes in base64")).toBeVisible();
    await expectClean(page, "form of a receiver");
    await form.getByLabel("Signing secret", { exact: true }).fill(SECRET);
    await form.getByRole("button", { name: "Test and save" }).click();
    await expect(form.getByText(/^The receiver did not take a test batch\./)).toBeVisible();
    siem.answers(200);
    await form.getByRole("button", { name: "Test and save" }).click();
    await expect(form).toHaveCount(0);
    const row = page.getByRole("table", { name: "Receivers of the audit log" }).getByRole("row").nth(1);
    await expect(row).toContainText("SIEM");
    await expect(row).toContainText("Up to date", { timeout: 60_000 });
    await expectClean(page, "receivers");
    await expectFitsPhone(page, "receivers");

    const [files, key] = [join(folder, "received.jsonl"), join(folder, "key.pem")];
    writeFileSync(files, `${siem.kept.join("\n")}\n`);
    writeFileSync(key, await product.operate("audit", "key"));
    expect(await product.operate("audit", "verify", "--from", files, "--public-key", key)).toMatch(
      /ok {2}events 1 to \d+/,
    );
    expect(siem.kept.join("")).toContain('"action":"audit_stream.created"');

    // Away, it is said what is wrong; paused, nothing is tried.
    siem.answers(403);
    await newCredential(api);
    await expect(row).toContainText("The receiver does not accept the credentials it is sent.", { timeout: 60_000 });
    await expectClean(page, "a failing receiver");
    await page.getByRole("button", { name: "Actions for SIEM" }).click();
    await page.getByRole("menuitem", { name: "Pause" }).click();
    await expect(row).toContainText("Paused");
    siem.answers(200);
    await page.getByRole("button", { name: "Actions for SIEM" }).click();
    await page.getByRole("menuitem", { name: "Edit…" }).click();
    const edit = page.getByRole("dialog", { name: "Edit “SIEM”" });
    await edit.getByLabel("Name").fill("SIEM two");
    await edit.getByRole("button", { name: "Test and save" }).click();
    await expect(row).toContainText("SIEM two");
    await page.getByRole("button", { name: "Actions for SIEM two" }).click();
    await page.getByRole("menuitem", { name: "Go on" }).click();
    await expect(row).toContainText("Up to date", { timeout: 60_000 });

    const auditor = await pageOf(await newPerson("auditor"));
    await auditor.goto("/audit/streams");
    await expect(auditor.getByText("SIEM two")).toBeVisible();
    await expect(auditor.getByRole("button", { name: /New receiver|Actions for/ })).toHaveCount(0);

    await page.getByRole("button", { name: "Actions for SIEM two" }).click();
    await page.getByRole("menuitem", { name: "Remove…" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("No receivers yet")).toBeVisible();
  } finally {
    siem.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
