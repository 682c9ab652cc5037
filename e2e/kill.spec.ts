import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { isAlive, processesOf } from "../test/servers/processes";
import { type Product, startProduct } from "../test/servers/product";

/** Two or three seconds of a processor bring a part back; a test machine may have little of one to give. */
const BACK = { timeout: 60_000 };
let product: Product;

test.describe.configure({ mode: "serial", timeout: 240_000 });
test.beforeAll(async () => {
  test.setTimeout(240_000);
  product = await startProduct({ LOG_LEVEL: "warn" });
});
test.afterAll(() => product.stop());

const page = () =>
  fetch(`${product.url}/sign-in`, { headers: { accept: "text/html" } }).then(
    async (answer) => ({ status: answer.status, retry: answer.headers.get("retry-after"), text: await answer.text() }),
    () => ({ status: 0, retry: null, text: "" }),
  );
const status = async () => (await page()).status;
const health = () =>
  fetch(`${product.url}/api/health`).then(
    ({ status }) => status,
    () => 0,
  );

test("a console that is killed is back, again and again, and health says so meanwhile", async () => {
  for (let round = 0; round < 3; round++) {
    const { console, gateway } = processesOf(product.folder);
    expect([await status(), await health()]).toEqual([200, 200]);
    process.kill(console, "SIGKILL");
    await expect.poll(health, { intervals: [10] }).toBe(503);
    expect(await page()).toMatchObject({ status: 503, retry: "2" });
    await expect.poll(status, BACK).toBe(200);
    await expect.poll(health, BACK).toBe(200);
    expect(processesOf(product.folder)).toMatchObject({ gateway });
    expect(isAlive(console)).toBe(false);
  }
});

test("a gateway that is killed is back, and nothing of the old one stays behind", async () => {
  const before = processesOf(product.folder);
  process.kill(before.gateway, "SIGKILL");
  await expect.poll(() => isAlive(before.gateway)).toBe(false);
  await expect.poll(async () => [await status(), await health()], BACK).toEqual([200, 200]);
  await expect.poll(() => isAlive(before.console)).toBe(false);
  const after = processesOf(product.folder);
  expect(after.supervisor).toBe(before.supervisor);
  expect(after.gateway).not.toBe(before.gateway);
});

test("a database that is killed is back; meanwhile one is told to come again, and stays signed in", async () => {
  const cookie = await signedIn();
  const file = join(product.folder, "postgres/cluster/data/postmaster.pid");
  process.kill(Number(readFileSync(file, "utf8").split("\n")[0]), "SIGKILL");
  const seen = new Set<number>();
  let [fine, away] = [false, false];
  const visit = async () => {
    for (const { path, init } of visits(cookie)) {
      const answer = await fetch(product.url + path, { redirect: "manual", ...init });
      const text = await answer.text();
      seen.add(answer.status);
      away ||= answer.status === 503;
      if (answer.status === 503) expect([path, answer.headers.get("retry-after")]).toEqual([path, "2"]);
      // No text of a driver, in a body or in an address, and nothing that ends the session.
      const said = text + (answer.headers.get("location") ?? "");
      // An empty list offers PostgreSQL by name; a driver would name an address, a code or what it lost.
      expect(said).not.toMatch(/ECONN|terminated|127\.0\.0\.1|postgres(ql)?:\/\/|SQLSTATE|prisma/i);
      expect(answer.headers.getSetCookie().filter((one) => /session-token=;/.test(one))).toEqual([]);
      if (path === "/api/auth/session") fine = answer.status === 200 && text.includes(product.admin.email);
    }
    return away && fine && (await status()) === 200;
  };
  await expect.poll(visit, { ...BACK, intervals: [10] }).toBe(true);
  // 401: the wrong password, judged.
  expect([...seen].filter((status) => ![200, 401, 503].includes(status))).toEqual([]);
  await expect.poll(health, BACK).toBe(200);
});

/** Where next-auth and pages ask the database. */
const visits = (cookie: Cookie): { path: string; init: RequestInit }[] => [
  { path: "/credentials", init: { headers: { ...cookie.header, accept: "text/html" } } },
  { path: "/credentials/feed", init: { headers: cookie.header } },
  { path: "/api/auth/session", init: { headers: cookie.header } },
  { path: "/api/auth/callback/credentials", init: signInWith(cookie, "wrong") },
];

interface Cookie {
  csrfToken: string;
  header: { cookie: string };
}

const signInWith = ({ csrfToken, header }: Cookie, password: string): RequestInit => ({
  method: "POST",
  headers: header,
  body: new URLSearchParams({ csrfToken, email: product.admin.email, password, json: "true" }),
});

async function signedIn(): Promise<Cookie> {
  const csrf = await fetch(`${product.url}/api/auth/csrf`);
  const { csrfToken } = await csrf.json();
  const jar = csrf.headers.getSetCookie().map((one) => one.split(";")[0]);
  const visitor = { csrfToken, header: { cookie: jar.join("; ") } };
  const answer = await fetch(
    `${product.url}/api/auth/callback/credentials`,
    signInWith(visitor, product.admin.password),
  );
  expect(answer.status).toBe(200);
  jar.push(...answer.headers.getSetCookie().map((one) => one.split(";")[0]));
  return { csrfToken, header: { cookie: jar.join("; ") } };
}

test("a supervisor that is killed takes everything with it but the database, and the next start serves", async () => {
  const { supervisor, gateway, console } = processesOf(product.folder);
  process.kill(supervisor, "SIGKILL");
  await expect.poll(() => [gateway, console].filter(isAlive)).toEqual([]);
  await expect.poll(status).toBe(0);
  // The next start takes over the database that was left, and stops it with itself.
  product = await product.again();
  expect([await status(), await health()]).toEqual([200, 200]);
});
