import { randomUUID } from "node:crypto";
import type { Product } from "../test/servers/product";
import { expect, newCredential, test } from "./fixtures";

const home = ["--organization", "Example Ltd"];
const unique = (what: string) => `${what} ${randomUUID()}`;
/** A command whose output is looked at. */
const run = (product: Product, ...words: string[]) => product.operate(...words, ...home);

/** A program without a grant, and what it is answered when it fetches. */
async function newWorker(product: Product) {
  const name = unique("Worker");
  const id = await run(product, "service-account", "create", "--name", name);
  const fetched = async (credential: string, token: string): Promise<number> => {
    const path = `${product.url}/api/integrations/credentials/${credential}/credentials`;
    return (await fetch(path, { headers: { authorization: `Bearer ${token}` } })).status;
  };
  const token = (...limits: string[]) => run(product, "token", "create", "--service-account", name, ...limits);
  return { id, name, fetched, token };
}

test("a program that is made by command reaches nothing until it is granted something, whatever the reach", async ({
  product,
  api,
}) => {
  const tag = `tag-${randomUUID()}`;
  const { id } = await newCredential(api, "sftp", { tags: [tag] });
  for (const reach of [["--credential", id], ["--tag", tag], ["--kind", "sftp"], ["--everything"]]) {
    const worker = await newWorker(product);
    const token = await worker.token();
    expect(await worker.fetched(id, token), reach[0]).toBe(404);
    const line = await run(product, "grant", "add", "--service-account", worker.name, ...reach, "--right", "use");
    const [grant = "", subject, right] = line.split("\t");
    expect([subject, right], line).toEqual([`service_account ${worker.name}`, "use"]);
    expect(await worker.fetched(id, token), reach[0]).toBe(200);
    expect(await run(product, "grant", "list", "--service-account", worker.id)).toBe(line);
    const who = await run(product, "access", "who", id);
    expect(who).toContain(`service_account ${worker.name}\tsee, use`);
    expect(await run(product, "access", "what", "--service-account", worker.name)).toContain(grant);
    expect(await run(product, "grant", "take-away", grant)).toBe("Done.");
    expect(await worker.fetched(id, token), reach[0]).toBe(404);
    expect(await run(product, "grant", "list", "--service-account", worker.name)).toBe("There are none.");
  }
});

test("a group shares what is granted to it with the people who are in it, by name", async ({ product, api, admin }) => {
  const { id } = await newCredential(api, "sftp");
  const group = unique("Group");
  const made = await run(product, "group", "create", "--name", group, "--description", "Whoever");
  expect(await run(product, "group", "add", "--group", group, "--user", admin.email)).toBe("1");
  expect(await run(product, "group", "list")).toContain(`${made}\t${group}\t1 members`);
  const words = ["--credential", id, "--right", "edit", "--expires", "90d", "--reason", "They get the passwords"];
  const [grant] = JSON.parse(await run(product, "grant", "add", "--group", group, ...words, "--json"));
  expect(grant).toMatchObject({
    subject: { kind: "group", id: made },
    right: "edit",
    reason: "They get the passwords",
  });
  const days = (Date.parse(grant.expiresAt) - Date.parse(grant.grantedAt)) / 86_400_000;
  expect(Math.round(days)).toBe(90);
  const { grants } = JSON.parse(await run(product, "access", "what", "--user", admin.email, "--json"));
  expect(grants).toContainEqual(
    expect.objectContaining({ id: grant.id, via: expect.objectContaining({ name: group }) }),
  );
  expect(await run(product, "group", "remove", "--group", made, "--user", admin.email)).toBe("0");
  expect(await run(product, "group", "delete", "--group", group)).toBe("Done.");
  expect(await run(product, "grant", "list", "--credential", id)).toBe("There are none.");
});

test("a token that is made by command is narrowed as it is told", async ({ product, api }) => {
  const tag = `tag-${randomUUID()}`;
  const [tagged, other] = [await newCredential(api, "sftp", { tags: [tag] }), await newCredential(api, "sftp")];
  const worker = await newWorker(product);
  await run(product, "grant", "add", "--service-account", worker.name, "--everything", "--right", "use");
  for (const [limits, statuses] of [
    [
      ["--limit-tag", tag],
      [200, 404],
    ],
    [
      ["--limit-id", tagged.id],
      [200, 404],
    ],
    [
      ["--limit-kind", "sftp", "--limit-right", "use"],
      [200, 200],
    ],
    [
      ["--limit-kind", "postgresql"],
      [404, 404],
    ],
    [
      ["--limit-right", "see"],
      [403, 403],
    ],
    [
      ["--limit-network", "203.0.113.0/24"],
      [401, 401],
    ],
    [
      ["--limit-network", "127.0.0.0/8", "::1/128"],
      [200, 200],
    ],
  ] as const) {
    const token = await worker.token(...limits);
    const answers = [await worker.fetched(tagged.id, token), await worker.fetched(other.id, token)];
    expect(answers, limits.join(" ")).toEqual(statuses);
  }
});

test("what is typed wrong is refused by its exit code: 1 for what is not there, 2 for what is no command", async ({
  product,
  api,
}) => {
  const { id } = await newCredential(api, "sftp");
  const worker = await newWorker(product);
  const to = ["--service-account", worker.name];
  for (const [words, code] of [
    [["grant", "add", ...to, "--credential", randomUUID(), "--right", "use"], 1],
    [["grant", "add", ...to, "--right", "use"], 1],
    [["grant", "add", "--credential", id, "--right", "use"], 1],
    [["grant", "add", "--service-account", "nobody", "--credential", id, "--right", "use"], 1],
    [["grant", "add", "--user", "nobody@example.com", "--credential", id, "--right", "see"], 1],
    [["grant", "add", "--group", "nobody", "--credential", id, "--right", "see"], 1],
    [["grant", "add", ...to, "--credential", id], 2],
    [["grant", "add", ...to, "--credential", id, "--right", "read"], 2],
    [["grant", "add", ...to, "--credential", id, "--tag", "t", "--right", "use"], 2],
    [["grant", "add", ...to, "--credential", id, "--right", "use", "--expires", "soon"], 2],
    [["grant", "take-away", randomUUID()], 1],
    [["access", "who", randomUUID()], 1],
    [["access", "what"], 1],
    [["group", "add", "--group", "nobody", "--user", "nobody@example.com"], 1],
    [["token", "create", ...to, "--limit-network", "10.0.0.1/8"], 1],
    [["token", "create", ...to, "--limit-id", randomUUID()], 1],
  ] as const)
    await expect(run(product, ...words), words.join(" ")).rejects.toThrow(`ended with ${code}`);
});
