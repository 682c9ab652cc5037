import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { changePassword, confirmPassword, createUser, liveSession, signIn } from "@/lib/identity";
import { platformActor } from "@/lib/organizations";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { statement } from "@/lib/platform/db";
import { PASSWORD, type Tenant, tenant } from "@/test/tenant";
import { atLater, refusal } from "@/test/time-travel";
import { signInBlocks, unblockAddress, unblockPerson } from "./blocks";
import { accountKey, deviceOf, markedDevice } from "./devices";
import { inPlace, shareOfPerson, shareOfStranger } from "./hashing";
import { countLookUp, signInThrottle } from "./throttle";

let own: Tenant;
beforeAll(async () => {
  own = await tenant();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A network of its own for each use, so that tests do not slow each other. */
const RUN = (process.pid % 0xffff).toString(16);
let networks = 0;
const somewhere = () => `2001:db8:${RUN}:${(++networks).toString(16)}::1`;
const newEmail = () => `p-${randomUUID()}@example.test`;
const someone = (email = newEmail(), of = own) =>
  createUser(platformActor("test-request", of.orgId), { email, role: "app_user", password: PASSWORD });
const attempt = (email: string, password: string, address: string, devices?: string) =>
  signIn({ email, password, address, devices, userAgent: "test", requestId: "test-request" });
const WRONG = "wrong password!";
const outcome = (run: Promise<unknown>) =>
  run.then(
    () => "in",
    (error: { code?: string }) => error.code,
  );

describe("signing in stays open for others", () => {
  test("eight right passwords at once are eight sessions, and leave no wait behind", async () => {
    const { email } = await someone();
    const address = somewhere();
    const all = await Promise.all(Array.from({ length: 8 }, () => outcome(attempt(email, PASSWORD, address))));
    expect(all).toEqual(Array(8).fill("in"));
    expect(await outcome(attempt(email, PASSWORD, address))).toBe("in");
    expect(await rowsOf(email)).toEqual([
      expect.stringContaining("sign-in-known:"),
      expect.stringMatching(/^sign-in-account:.* 0$/),
    ]);
  });

  test("nine wrong passwords by a stranger do not keep the person out elsewhere", async () => {
    const { email } = await someone();
    const stranger = somewhere();
    for (let at = 0; at < 9; at++) await outcome(attempt(email, WRONG, stranger));
    expect(await outcome(attempt(email, PASSWORD, stranger))).toBe("too_many_requests");
    expect(await outcome(attempt(email, PASSWORD, somewhere()))).toBe("in");
  });

  test("a browser that signed in before gets in while its account and its network are slowed", async () => {
    const { email } = await someone();
    const office = somewhere();
    const { devices } = await attempt(email, PASSWORD, office);
    await guessFrom(office, email, 5);
    await guessAccount(email);
    await guessNetwork(office);
    expect(await outcome(attempt(email, PASSWORD, office))).toBe("too_many_requests");
    expect(await outcome(attempt(email, PASSWORD, office, devices))).toBe("in");
    expect(await outcome(attempt(email, PASSWORD, somewhere(), devices))).toBe("in");
  });

  test("a network that the account signed in from of late is not under the strangers' ceiling", async () => {
    const { email } = await someone();
    const home = somewhere();
    await attempt(email, PASSWORD, home);
    await guessAccount(email);
    expect(await outcome(attempt(email, PASSWORD, somewhere()))).toBe("too_many_requests");
    expect(await outcome(attempt(email, PASSWORD, home))).toBe("in");
  });

  test("a wrong password in a known browser counts against that browser alone, five times", async () => {
    const { email } = await someone();
    const home = somewhere();
    const { devices } = await attempt(email, PASSWORD, home);
    for (let at = 0; at < 5; at++) expect(await outcome(attempt(email, WRONG, home, devices))).toBe("unauthenticated");
    expect(await outcome(attempt(email, PASSWORD, home, devices))).toBe("too_many_requests");
    expect(await outcome(attempt(email, PASSWORD, home))).toBe("in");
  });

  test("after the wait one attempt is judged, and a right one ends the matter", async () => {
    const { email } = await someone();
    const address = somewhere();
    for (let at = 0; at < 5; at++) await outcome(attempt(email, WRONG, address));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_000 });
    const burst = await Promise.all(Array.from({ length: 6 }, () => outcome(attempt(email, WRONG, address))));
    expect(burst.filter((code) => code === "unauthenticated")).toHaveLength(1);
    // Whichever of the burst was counted last has set the wait.
    vi.setSystemTime(Date.now() + 300_000);
    expect(await outcome(attempt(email, PASSWORD, address))).toBe("in");
    expect(await outcome(attempt(email, WRONG, address))).toBe("unauthenticated");
  });
});

describe("guessing is slowed", () => {
  test("against one account from many networks, in a row and in a burst", async () => {
    for (const inARow of [true, false]) {
      const { email } = await someone();
      const codes: (string | undefined)[] = [];
      if (inARow) for (let at = 0; at < 24; at++) codes.push(await outcome(attempt(email, WRONG, somewhere())));
      else
        codes.push(
          ...(await Promise.all(Array.from({ length: 24 }, () => outcome(attempt(email, WRONG, somewhere()))))),
        );
      expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(20);
    }
  });

  test("from every address of one /64 together, and nobody in another one is", async () => {
    const one = "2001:db8:ffff";
    const network = `${one}:${RUN}`;
    for (let at = 0; at < 50; at++) await guess(newEmail(), `${network}::${at.toString(16)}`);
    expect(await guess(newEmail(), `${network}:ffff::9`)).toBe("too_many_requests");
    expect(await guess(newEmail(), `2001:db8:fffe:${RUN}::9`)).toBe("counted");
  });

  test("and what is refused for it writes nothing", async () => {
    const address = somewhere();
    await guessNetwork(address);
    const emails = Array.from({ length: 10 }, newEmail);
    for (const email of emails) expect(await outcome(attempt(email, WRONG, address))).toBe("too_many_requests");
    expect((await Promise.all(emails.map(rowsOf))).flat()).toEqual([]);
  });

  test("at the questions about addresses too, by network", async () => {
    const network = `2001:db8:fffd:${RUN}`;
    for (let at = 0; at < 30; at++) await countLookUp(`${network}::${at.toString(16)}`);
    await expect(countLookUp(`${network}:1::`)).rejects.toMatchObject(refusal("too_many_requests"));
  });
});

describe("what a browser keeps", () => {
  const email = newEmail();

  test("is good for the account it was made for, half a year, and for no other", async () => {
    const marks = markedDevice(email, undefined);
    expect(deviceOf(email.toUpperCase(), marks)).toMatch(/^[\w-]{22}$/);
    expect(deviceOf(newEmail(), marks)).toBeUndefined();
    expect(await atLater(179 * 86_400_000, async () => deviceOf(email, marks))).toBeDefined();
    expect(await atLater(181 * 86_400_000, async () => deviceOf(email, marks))).toBeUndefined();
  });

  test("cannot be changed in any character", () => {
    const marks = markedDevice(email, undefined);
    for (let at = 0; at < marks.length - 1; at++) {
      const other = marks[at] === "A" ? "B" : "A";
      expect(deviceOf(email, `${marks.slice(0, at)}${other}${marks.slice(at + 1)}`)).toBeUndefined();
    }
  });

  test("remembers four accounts, the number of each stays, and it never grows past that", () => {
    const others = Array.from({ length: 6 }, newEmail);
    let marks = markedDevice(email, "~~nonsense~");
    const device = deviceOf(email, marks);
    for (const other of others.slice(0, 3)) marks = markedDevice(other, marks);
    expect(deviceOf(email, marks)).toBe(device);
    marks = markedDevice(email, marks);
    expect(deviceOf(email, marks)).toBe(device);
    for (const other of others) marks = markedDevice(other, marks);
    expect(marks.split("~")).toHaveLength(4);
    expect(deviceOf(email, marks)).toBeUndefined();
  });
});

describe("confirming one's password", () => {
  const signedIn = async () => {
    const { email } = await someone();
    const { orgId, sessionId } = await attempt(email, PASSWORD, somewhere());
    const live = await liveSession(orgId, sessionId);
    if (!live) throw new Error("no session");
    const actor = { ...live.actor, requestId: "test-request", address: "192.0.2.1" };
    return { actor, isAlive: async () => (await liveSession(orgId, sessionId)) !== null };
  };
  const refusedOf = async (name: string) => {
    const { events } = await listAuditEvents(own.admin, { q: name, outcome: "refused" });
    return events.map(({ action, reason }) => `${action} ${reason}`).sort();
  };

  test("wrongly five times, by whichever way, ends the session; all of it is on record", async () => {
    const { actor, isAlive } = await signedIn();
    const confirm = () => outcome(confirmPassword(actor, WRONG));
    const change = () => outcome(changePassword(actor, WRONG, `${PASSWORD}!`));
    expect([await confirm(), await change(), await confirm(), await change()]).toEqual(Array(4).fill("invalid"));
    expect(await isAlive()).toBe(true);
    expect(await confirm()).toBe("unauthenticated");
    expect(await isAlive()).toBe(false);
    expect(await outcome(confirmPassword(actor, PASSWORD))).toBe("unauthenticated");
    expect(await outcome(changePassword(actor, PASSWORD, `${PASSWORD}!`))).toBe("unauthenticated");
    await expect
      .poll(() => refusedOf(actor.name))
      .toEqual([
        ...Array(2).fill("user.password_changed wrong_password"),
        ...Array(3).fill("user.password_confirmed wrong_password"),
      ]);
    const { events } = await listAuditEvents(own.admin, { q: actor.name, action: "user.signed_out" });
    expect(events).toMatchObject([{ outcome: "done", reason: "wrong_passwords" }]);
  });

  test("in parallel gets no more tries than in a row", async () => {
    const { actor } = await signedIn();
    const codes = await Promise.all(Array.from({ length: 20 }, () => outcome(confirmPassword(actor, WRONG))));
    expect(codes.filter((code) => code === "invalid").length).toBeLessThanOrEqual(4);
    expect(await outcome(confirmPassword(actor, PASSWORD))).toBe("unauthenticated");
  });

  test("rightly begins the count anew", async () => {
    const { actor, isAlive } = await signedIn();
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 4; at++) await outcome(confirmPassword(actor, WRONG));
      expect(await outcome(confirmPassword(actor, PASSWORD))).toBe("in");
    }
    expect(await isAlive()).toBe(true);
  });
});

test("no number of strangers keeps a known person from a place where passwords are checked", async () => {
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () =>
    new Promise<void>((end) => {
      order.push(name);
      ends.push(end);
    });
  const all = [
    ...Array.from({ length: 90 }, () => inPlace(shareOfStranger(somewhere(), randomUUID()), work("stranger"))),
    inPlace(shareOfPerson({ orgId: own.orgId, id: "ana" }), work("known")),
  ];
  while (order.length < all.length) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const end of ends) end();
  await Promise.all(all);
  expect(order.indexOf("known")).toBeLessThanOrEqual(2);
});

test("an operator sees who is slowed and lets them in again, on record; nobody else may", async () => {
  const { email, id } = await someone();
  const address = somewhere();
  await guessFrom(address, email, 5);
  await guessNetwork(address);
  const operator = platformActor("test-request");
  const mine = async () => {
    const blocks = await signInBlocks(operator);
    const network = address.replace("::1", "::/64");
    return blocks
      .filter((one) => one.email === email || one.network === network)
      .map(({ kind }) => kind)
      .sort();
  };
  expect(await mine()).toEqual(["account_at_network", "network"]);
  expect(await unblockPerson(operator, email)).toBe(1);
  expect(await mine()).toEqual(["network"]);
  expect(await unblockAddress(operator, address)).toBe(1);
  expect(await mine()).toEqual([]);
  expect(await outcome(attempt(email, PASSWORD, address))).toBe("in");
  const { events } = await listAuditEvents(own.admin, { action: "user.unblocked", targetId: id });
  expect(events).toHaveLength(1);
  for (const ask of [
    () => signInBlocks(own.admin),
    () => unblockPerson(own.admin, email),
    () => unblockAddress(own.admin, address),
  ])
    await expect(ask()).rejects.toMatchObject(refusal("forbidden"));
});

/** One failure, counted without the cost of hashing. */
const guess = (email: string, address: string) =>
  signInThrottle({ account: accountKey(email), address, device: undefined })
    .consumeAttempt()
    .then((counted) => counted.wrong())
    .then(
      () => "counted",
      (error: { code?: string }) => error.code,
    );

const guessFrom = async (address: string, email: string, times: number) => {
  for (let at = 0; at < times; at++) await guess(email, address);
};
const guessAccount = async (email: string) => {
  for (let at = 0; at < 21; at++) await guess(email, somewhere());
};
const guessNetwork = async (address: string) => {
  for (let at = 0; at < 51; at++) await guess(newEmail(), address);
};

/** What is counted of an account. */
const rowsOf = async (email: string) => {
  const rows = await statement<{ row: string }>(
    "test_rows_of",
    "SELECT key || ' ' || points AS row FROM rate_limit WHERE position($1 in key) > 0 ORDER BY key DESC",
    [accountKey(email)],
  );
  return rows.map(({ row }) => row);
};
