import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
import { startDropbear } from "@/test/servers/dropbear";
import { type Sshd, startSshd } from "@/test/servers/sshd";

let worker: Awaited<ReturnType<typeof buildWorker>>;
let user: Sshd;
beforeAll(async () => {
  [worker, user] = await Promise.all([buildWorker(), startSshd()]);
});
afterAll(async () => {
  worker?.forget();
  await user?.stop();
});

const outcomeAt = async (port: number, type: "user_password" | "key_file", proof: object) => {
  const { host, username, home } = user;
  const report = await tryOut("sftp", type, { host, port, username, test_path: home, ...proof });
  return report.reason ?? report.outcome;
};

test("Dropbear lets passwords, keys and both in as OpenSSH does, and its refusals are told alike", async () => {
  const [usual, keysOnly, both] = await Promise.all([
    startDropbear(user),
    startDropbear(user, ["-s"]),
    startDropbear(user, ["-t"]),
  ]);
  const private_key = usual.newKey();
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  const { password } = user;
  const found = [
    await outcomeAt(usual.port, "user_password", { password }),
    await outcomeAt(usual.port, "user_password", { password: "another-password" }),
    await outcomeAt(usual.port, "key_file", { private_key }),
    await outcomeAt(usual.port, "key_file", { private_key: stranger }),
    await outcomeAt(keysOnly.port, "user_password", { password }),
    await outcomeAt(both.port, "key_file", { private_key }),
    await outcomeAt(both.port, "user_password", { password }),
    await outcomeAt(both.port, "key_file", { private_key, password }),
  ];
  await Promise.all([usual, keysOnly, both].map(({ stop }) => stop()));
  expect(found).toEqual([
    "ok",
    "wrong_credentials",
    "ok",
    "wrong_credentials",
    "method_not_accepted",
    "further_factor_required",
    "further_factor_required",
    "ok",
  ]);
});
