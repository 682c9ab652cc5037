import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
import { type Sshd, startSshd } from "@/test/servers/sshd";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker?.forget());

const DIALOGUE = ["UsePAM yes", "KbdInteractiveAuthentication yes"];
const stranger = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** What comes of signing in: the reason, the field, and the sentence. */
async function told({ host, port, username, home }: Sshd, type: "user_password" | "key_file", proof: object) {
  const report = await tryOut("sftp", type, { host, port, username, test_path: home, ...proof });
  const { field, meaning } = report.steps.find(({ id }) => id === "sign_in") ?? {};
  return { outcome: report.reason ?? report.outcome, field, meaning };
}

test.each([
  ["publickey,password", []],
  ["password,publickey", []],
  ["publickey,keyboard-interactive", DIALOGUE],
  ["keyboard-interactive,publickey", DIALOGUE],
  ["publickey,password publickey,keyboard-interactive", DIALOGUE],
])("where OpenSSH wants %s, key and password sign in, and whichever is wrong is marked", async (methods, more) => {
  const server = await startSshd([`AuthenticationMethods ${methods}`, ...more]);
  const { password } = server;
  const key = { private_key: server.newKey("-t", "ed25519") };
  try {
    expect(await told(server, "key_file", { ...key, password })).toMatchObject({ outcome: "ok" });
    const wrongPassword = await told(server, "key_file", { ...key, password: "another-password" });
    expect(wrongPassword).toMatchObject({ outcome: "wrong_credentials", field: "password" });
    const wrongKey = await told(server, "key_file", { private_key: stranger(), password });
    expect(wrongKey).toMatchObject({ outcome: "wrong_credentials", field: "private_key" });
  } finally {
    await server.stop();
  }
});

test("where OpenSSH wants both, one alone is told that both are needed", async () => {
  const [keyFirst, passwordFirst, dialogueSecond] = await Promise.all([
    startSshd(["AuthenticationMethods publickey,password"]),
    startSshd(["AuthenticationMethods password,publickey"]),
    startSshd(["AuthenticationMethods publickey,keyboard-interactive", ...DIALOGUE]),
  ]);
  const key = (server: Sshd) => told(server, "key_file", { private_key: server.newKey("-t", "ed25519") });
  const password = (server: Sshd) => told(server, "user_password", { password: server.password });
  const found = [
    await key(keyFirst),
    await key(dialogueSecond),
    await password(passwordFirst),
    await password(keyFirst),
    await key(passwordFirst),
  ];
  await Promise.all([keyFirst, passwordFirst, dialogueSecond].map((server) => server.stop()));
  const [keyOnly, keyThenDialogue, passwordOnly, passwordBeforeKey, keyBeforePassword] = found;
  const both = { outcome: "further_factor_required", meaning: expect.stringContaining("both are needed") };
  expect(keyOnly).toMatchObject({ ...both, field: "password" });
  expect(keyThenDialogue).toMatchObject({ ...both, field: "password" });
  expect(passwordOnly).toMatchObject(both);
  // Before the first half is passed, a server does not say that there is a second.
  expect(passwordBeforeKey).toMatchObject({
    outcome: "method_not_accepted",
    field: "password",
    meaning: expect.stringContaining("instead of the password, or before it"),
  });
  expect(keyBeforePassword).toMatchObject({
    outcome: "method_not_accepted",
    field: "password",
    meaning: expect.stringContaining("instead of the key, or before it"),
  });
});

test("three factors are one too many, and a server that takes either never hears the password", async () => {
  const [three, either] = await Promise.all([
    startSshd(["AuthenticationMethods publickey,password,keyboard-interactive", ...DIALOGUE]),
    startSshd(["AuthenticationMethods any"]),
  ]);
  const both = (server: Sshd, password = server.password) =>
    told(server, "key_file", { private_key: server.newKey("-t", "ed25519"), password });
  const found = [await both(three), await both(either, "another-password")];
  await Promise.all([three.stop(), either.stop()]);
  expect(found).toMatchObject([{ outcome: "further_factor_required" }, { outcome: "ok" }]);
});

test("a server that hangs up after too many refusals refused, it is not merely away", async () => {
  const server = await startSshd(["MaxAuthTries 1"]);
  const found = [
    await told(server, "key_file", { private_key: stranger() }),
    await told(server, "user_password", { password: "another-password" }),
  ];
  await server.stop();
  expect(found).toMatchObject([
    { outcome: "wrong_credentials", field: "private_key" },
    { outcome: "wrong_credentials", field: "password" },
  ]);
});
