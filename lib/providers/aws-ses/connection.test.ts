import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { type Amazon, startAmazon } from "@/test/servers/amazon";
import { endedSession, temporaryKeys } from "@/test/servers/amazon-signature";
import { freePort } from "@/test/servers/peer";

const amazon: Amazon = await startAmazon();
// Where Amazon is asked is the operator's word; it is set before the settings are read.
process.env.AWS_ENDPOINT = amazon.url;
let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterEach(() => amazon.calm());
afterAll(async () => {
  worker?.forget();
  await amazon.stop();
});

const values = (change: Record<string, unknown> = {}) => ({ ...amazon.keys, region: "eu-central-1", ...change });
const tested = (change: Record<string, unknown> = {}, policy = allowing(amazon.port)) =>
  tryOut("aws_ses", "api_key", values(change), { policy });
const codeAt = async (id: string, change: Record<string, unknown> = {}) =>
  (await tested(change)).steps.find((step) => step.id === id);

const REACHED = ["values ok", "resolve ok", "address ok", "connect ok", "tls warning not_encrypted", "sign_in ok"];

test("a right key shows who it is, what it may send and that its address may send", async () => {
  const report = await tested({ from_address: "verified@example.com", configuration_set: "tracked" });
  expect(walked(report)).toEqual([...REACHED, "quota ok", "from_address ok", "configuration_set ok"]);
  expect(report.outcome).toBe("ok");
  expect(report.steps.find(({ id }) => id === "sign_in")?.detail).toBe("arn:aws:iam::123456789012:user/mailer");
  expect(report.steps.find(({ id }) => id === "quota")?.detail).toBe(
    "50000 a day, 14 a second; 12 sent in the last 24 hours",
  );
});

test("a temporary key works together with its session token, and its end is told apart", async () => {
  expect((await tested(temporaryKeys)).outcome).toBe("ok");
  expect(await codeAt("sign_in", endedSession)).toMatchObject({ code: "session_expired", field: "session_token" });
  expect(await codeAt("sign_in", { ...temporaryKeys, session_token: "another" })).toMatchObject({
    code: "key_unknown",
  });
});

test("a wrong secret, an unknown key and a wrong region are told apart, and SES is not asked", async () => {
  amazon.asked.length = 0;
  const secret = await tested({ secret_access_key: "not/the/secret" });
  expect(secret).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
  expect(secret.steps.find(({ id }) => id === "sign_in")?.field).toBe("secret_access_key");
  expect(await codeAt("sign_in", { access_key_id: "AKIANOBODYSKEY000001" })).toMatchObject({
    code: "key_unknown",
    field: "access_key_id",
  });
  expect(await codeAt("sign_in", { region: "us-east-1" })).toMatchObject({ code: "wrong_region", field: "region" });
  expect(new Set(amazon.asked)).toEqual(new Set(["POST /"]));
});

test("an answer that asks to wait is never a failure, and says for how long", async () => {
  amazon.set({ throttled: "sts" });
  const before = await tested();
  expect(before).toMatchObject({ outcome: "unreachable", reason: "rate_limited" });
  expect(before.steps.find(({ id }) => id === "sign_in")?.advice).toBe("Test again in 7 seconds.");
  amazon.set({ throttled: "ses" });
  const after = await tested({ from_address: "verified@example.com" });
  expect(after).toMatchObject({ outcome: "degraded", reason: "rate_limited" });
  expect(after.steps.find(({ id }) => id === "quota")?.meaning).toMatch(/^The key works/);
  // Asked once, and left alone then.
  expect(amazon.asked.filter((one) => one.startsWith("GET"))).toHaveLength(1);
});

test.each([
  ["in the sandbox", { ProductionAccessEnabled: false, SendingEnabled: true }, "sandbox"],
  ["with sending switched off", { ProductionAccessEnabled: true, SendingEnabled: false }, "sending_paused"],
  ["shut down by Amazon", { SendingEnabled: true, EnforcementStatus: "SHUTDOWN" }, "sending_paused"],
  ["with its quota used up", { SendQuota: { Max24HourSend: 200, SentLast24Hours: 200 } }, "quota_used_up"],
])("an account %s is limited, and the from address is looked at all the same", async (_, account, reason) => {
  amazon.set({ account });
  const report = await tested({ from_address: "verified@example.com" });
  expect(report).toMatchObject({ outcome: "degraded", reason });
  expect(walked(report).slice(-3)).toEqual([`quota warning ${reason}`, "from_address ok", "configuration_set ok"]);
});

test("a from address is good by itself, by its domain or by one above; else it is named", async () => {
  const outcomeFrom = async (from_address: string) => {
    const { outcome, reason } = await tested({ from_address });
    return [outcome, reason];
  };
  const good = ["verified@example.com", "anyone@example.org", "anyone@mail.example.org"];
  const bad = ["pending@example.com", "stranger@nowhere.example"];
  expect(await Promise.all(good.map(outcomeFrom))).toEqual(good.map(() => ["ok", undefined]));
  expect(await Promise.all(bad.map(outcomeFrom))).toEqual(bad.map(() => ["degraded", "from_not_verified"]));
  expect(await codeAt("configuration_set", { configuration_set: "nowhere" })).toMatchObject({
    code: "configuration_set_unknown",
    field: "configuration_set",
  });
});

test("a key that may only send is limited in what is known of it, not wrong", async () => {
  amazon.set({ denied: "/v2/" });
  expect(await tested()).toMatchObject({ outcome: "degraded", reason: "permission_denied" });
});

test("a fault of Amazon's own, a closed port and no permission to go there are told apart from a bad key", async () => {
  amazon.set({ broken: true });
  expect(await tested()).toMatchObject({ outcome: "unreachable", reason: "provider_trouble" });
  expect(await tested({}, allowing(await freePort()))).toMatchObject({
    outcome: "failed",
    reason: "address_not_allowed",
  });
});
