import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type Api, startApi } from "@/test/api";
import { type Doorstep, doorstep, lgError, made, someEmail } from "@/test/litegraph";
import { atLater } from "@/test/time-travel";

/** `LastUpdateUtc` as a lock: what was really read counts, whatever was made up does not. */
let api: Api;
let door: Doorstep;
beforeAll(async () => {
  [api, door] = [await startApi(), await doorstep()];
});

interface Thing {
  path: string;
  body: Record<string, unknown>;
  token: string;
}

const kinds: Record<string, () => Promise<Thing>> = {
  async credential() {
    const body = await made(api, door);
    return { path: door.at(`/credentials/${body.GUID}`), body, token: door.admin };
  },
  async user() {
    const sent = { FirstName: "Ana", LastName: "López", Email: someEmail() };
    const { body } = await api.send("PUT", door.at("/users"), { token: door.admin, body: sent });
    return { path: door.at(`/users/${body.GUID}`), body, token: door.admin };
  },
  async tenant() {
    const sent = { Name: `T ${randomUUID()}` };
    const { body } = await api.send("PUT", "/v1.0/tenants", { token: door.platform, body: sent });
    return { path: `/v1.0/tenants/${body.GUID}`, body, token: door.platform };
  },
};

describe.each(Object.keys(kinds))("a change of a %s", (kind) => {
  const nameOf = kind === "user" ? "LastName" : "Name";
  const change = ({ path, body, token }: Thing, LastUpdateUtc: unknown) =>
    api.send("PUT", path, { token, body: { ...body, [nameOf]: `N ${randomUUID()}`, LastUpdateUtc } });

  test("that is sent again because its answer got lost is answered as done, and writes nothing more", async () => {
    const thing = await (kinds[kind] as () => Promise<Thing>)();
    const { path, body, token } = thing;
    const sent = { ...body, [nameOf]: `N ${randomUUID()}` };
    const first = await api.send("PUT", path, { token, body: sent });
    expect(await api.send("PUT", path, { token, body: sent })).toMatchObject({ status: 200, body: first.body });
    const other = { ...sent, Active: false };
    expect(await api.send("PUT", path, { token, body: other })).toMatchObject(lgError("Conflict", 409));
  });

  test("is refused for every state that it had before, and taken for the one it has", async () => {
    const thing = await (kinds[kind] as () => Promise<Thing>)();
    const times = [thing.body.LastUpdateUtc];
    for (let at = 0; at < 3; at++) {
      const answer = await change(thing, times.at(-1));
      expect(answer.status).toBe(200);
      times.push(answer.body.LastUpdateUtc);
    }
    for (const time of times.slice(0, -1)) expect(await change(thing, time)).toMatchObject(lgError("Conflict", 409));
    expect((await change(thing, times.at(-1))).status).toBe(200);
  });

  test("is taken with any time that it never had: a clock's, a sample's, a constructor's default", async () => {
    const thing = await (kinds[kind] as () => Promise<Thing>)();
    const changed = await change(thing, undefined);
    const [made, now] = [thing.body.LastUpdateUtc, changed.body.LastUpdateUtc].map((time) => Date.parse(String(time)));
    const between = new Date(((made ?? 0) + (now ?? 0)) / 2 + 0.5).toISOString();
    const others = [
      new Date((made ?? 0) - 1),
      new Date(Date.now() - 3_600_000),
      new Date(Date.now() + 3_600_000),
      new Date(0),
    ].map((time) => time.toISOString());
    const never = [...others, "0001-01-01T00:00:00", "2024-12-27T18:12:38.653402Z", "yesterday", ""];
    if (Date.parse(between) !== made && Date.parse(between) !== now) never.push(between);
    for (const time of never) expect((await change(thing, time)).status, time).toBe(200);
  });

  test("with a time that it had more than a day ago is taken", async () => {
    const thing = await (kinds[kind] as () => Promise<Thing>)();
    await change(thing, undefined);
    expect(await change(thing, thing.body.LastUpdateUtc)).toMatchObject(lgError("Conflict", 409));
    const afterADay = await atLater(24 * 3_600_000 + 1_000, () => change(thing, thing.body.LastUpdateUtc));
    expect(afterADay.status).toBe(200);
  });
});

test("a time that another object had is none of this one's", async () => {
  const [one, other] = [await kinds.credential?.(), await kinds.credential?.()];
  if (!one || !other) throw new Error("two credentials");
  const { path, body, token } = one;
  await api.send("PUT", path, { token, body: { ...body, Name: "changed" } });
  const sent = { ...other.body, Name: "mine", LastUpdateUtc: body.LastUpdateUtc };
  const earlier = String(body.LastUpdateUtc) < String(other.body.LastUpdateUtc);
  expect(earlier).toBe(true);
  expect((await api.send("PUT", other.path, { token, body: sent })).status).toBe(200);
});
