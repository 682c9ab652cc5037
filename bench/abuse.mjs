import { randomBytes, randomUUID } from "node:crypto";
import { request } from "node:http";
import { parentPort, workerData } from "node:worker_threads";
import { Agent, fetch, setGlobalDispatcher } from "undici";

/**
 * One abuse after the other, in a thread of its own, so that what it costs to ask is not taken for what it costs to be a
 * neighbour; and from an address of its own, as strangers have. Told a name it begins, told null it ends and says so.
 */
const { url, token, costlyKey, silentPort } = workerData;
const localAddress = "127.0.0.2";
setGlobalDispatcher(new Agent({ connect: { localAddress }, headersTimeout: 0, bodyTimeout: 0 }));

const done = (answer) => answer.arrayBuffer();
const json = { "content-type": "application/json" };
const post = (path, body, headers = { authorization: `Bearer ${token}` }) =>
  fetch(`${url}${path}`, { method: "POST", headers: { ...headers, ...json }, body: JSON.stringify(body) }).then(done);
const get = (path, headers = { authorization: `Bearer ${token}` }) =>
  fetch(`${url}${path}`, { headers, redirect: "manual" }).then(done);
const sftp = (type, values) => ({ provider: "sftp", credential_type: type, credentials: { username: "a", ...values } });
const create = (type, values) =>
  post("/api/integrations/credentials", sftp(type, { host: "sftp.example.com", ...values }));
const nonsense = Object.fromEntries(
  Array.from({ length: 1_900 }, () => [randomUUID(), randomBytes(32).toString("hex")]),
);

function slowUpload() {
  return new Promise((resolve) => {
    const headers = { "content-length": 200_000, "content-type": "text/plain" };
    const sending = request(`${url}/sign-in`, { method: "POST", headers, localAddress });
    sending.on("response", (answer) => answer.resume().on("close", resolve)).on("error", resolve);
    sending.write("x".repeat(100_000));
    setTimeout(() => sending.destroy(), 3_000).unref();
  });
}

/** How many loops do it one after the other, and one round of it. */
const abuses = {
  "keys that cost a second each": [40, () => create("key_file", { private_key: costlyKey, passphrase: randomUUID() })],
  "wrong passwords by strangers": [
    30,
    () => post("/api/v1/auth/login", { email: `${randomUUID()}@example.test`, password: randomUUID() }, {}),
  ],
  "slow uploads to pages": [100, slowUpload],
  "a page asked for in a loop": [24, () => get("/sign-in", {})],
  "creates in a loop": [16, () => create("user_password", { password: randomUUID() })],
  "whole lists": [8, () => get("/api/v1/credentials")],
  "lists of a thousand": [24, () => get("/api/integrations/credentials?limit=1000")],
  "bodies of 1,900 unknown fields": [24, () => post("/api/integrations/credentials", nonsense)],
  "tests against a silent server": [
    24,
    () =>
      post(
        "/api/integrations/credentials/test",
        sftp("user_password", { host: "127.0.0.1", port: silentPort, password: "b" }),
      ),
  ],
};

let going = false;
let loops = [];
let rounds = 0;

parentPort?.on("message", async (name) => {
  if (name === null) {
    going = false;
    await Promise.all(loops);
    parentPort?.postMessage(rounds);
    return;
  }
  const [count, round] = abuses[name];
  [going, rounds] = [true, 0];
  loops = Array.from({ length: count }, async () => {
    while (going) {
      // A connection that is closed on it is an answer as well.
      await round().catch(() => undefined);
      rounds += 1;
    }
  });
});
parentPort?.postMessage(Object.keys(abuses));
