import { expect, test } from "vitest";
import { readinessOf } from "./health";
import { Lifecycle } from "./lifecycle";
import { probeRoutes } from "./probes";

const right = { database: true, console: false };
const lifecycle = new Lifecycle();
const looks = [
  { name: "accepting", passes: () => !lifecycle.isDraining },
  { name: "database", passes: () => right.database || Promise.reject(new Error("postgres://secret")) },
  { name: "console", passes: () => right.console },
];
const routes = probeRoutes(
  readinessOf(looks),
  looks.map(({ name }) => name),
  lifecycle,
);

async function ask(probe: keyof typeof routes) {
  const answer = await routes[probe].GET?.(new Request("http://localhost/"), { params: Promise.resolve({}) });
  return [answer?.status, answer?.headers.get("retry-after"), await answer?.text()] as const;
}
const ready = async () => {
  const [status, retry, text] = await ask("ready");
  return [status, retry, JSON.parse(text ?? "") as unknown];
};

test("an instance is offered once its console answers, has started for good then, and says by name what fails, and no more", async () => {
  expect(lifecycle.isWatched).toBe(false);
  expect(await ask("live")).toEqual([200, null, '{"live":true}']);
  expect(await ask("startup")).toEqual([503, "2", '{"started":false}']);
  expect(await ready()).toEqual([
    503,
    "2",
    { ready: false, checks: { accepting: "ok", database: "ok", console: "failed" } },
  ]);
  expect(lifecycle.isWatched).toBe(true);
  right.console = true;
  expect(await ask("startup")).toEqual([200, null, '{"started":true}']);
  expect(await ready()).toEqual([
    200,
    null,
    { ready: true, checks: { accepting: "ok", database: "ok", console: "ok" } },
  ]);
  right.database = false;
  expect(await ready()).toEqual([
    503,
    "2",
    { ready: false, checks: { accepting: "ok", database: "failed", console: "ok" } },
  ]);
  expect((await ask("startup"))[0]).toBe(200);
  right.database = true;
});

test("one that was told to stop is not ready from that moment, and is live", async () => {
  expect((await ready())[0]).toBe(200);
  lifecycle.drain();
  expect(await ready()).toEqual([
    503,
    "2",
    { ready: false, checks: { accepting: "failed", database: "ok", console: "ok" } },
  ]);
  expect((await ask("live"))[0]).toBe(200);
});
