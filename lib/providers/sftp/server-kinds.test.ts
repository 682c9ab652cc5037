import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorker, tryOut } from "@/test/providers/worker";
import { type Sshd, startSshd } from "@/test/servers/sshd";
import { openPrivateKey } from "./open-key";
import { waysToSign } from "./signatures";

let worker: Awaited<ReturnType<typeof buildWorker>>;
let sshd: Sshd;
let printed: string;
beforeAll(async () => {
  [worker, sshd] = await Promise.all([buildWorker(), startSshd()]);
  printed = execFileSync("ssh-keyscan", ["-p", String(sshd.port), sshd.host], { encoding: "utf8", stdio: "pipe" });
});
afterAll(async () => {
  worker?.forget();
  await sshd?.stop();
});

const place = ({ host, port, username, home }: Sshd) => ({ host, port, username, test_path: home });

test.each([
  ["rsa-sha2-512", "ok"],
  ["rsa-sha2-256", "ok"],
  ["rsa-sha2-256,rsa-sha2-512", "ok"],
  ["ssh-ed25519", "wrong_credentials"],
])("an RSA key and a server that takes %s: %s", async (accepted, outcome) => {
  const server = await startSshd([`PubkeyAcceptedAlgorithms ${accepted}`]);
  const private_key = server.newKey("-t", "rsa", "-b", "2048");
  const report = await tryOut("sftp", "key_file", { ...place(server), private_key });
  await server.stop();
  expect(report.reason ?? report.outcome).toBe(outcome);
});

/** What ssh-keygen -l prints of each key that ssh-keyscan found. */
const fingerprints = (...options: string[]) =>
  execFileSync("ssh-keygen", ["-l", ...options, "-f", "-"], { input: printed, encoding: "utf8" })
    .trim()
    .split("\n");

const outcomeWith = async (host_key: string) => {
  const report = await tryOut("sftp", "user_password", { ...place(sshd), password: sshd.password, host_key });
  return report.reason ?? report.outcome;
};

test("a host key of any type that the server has is the right one, in each form that it is printed in", async () => {
  const sha = fingerprints();
  const lines = printed.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const hashes = sha.map((line) => line.split(" ")[1] ?? "");
  const md5 = fingerprints("-E", "md5").map((line) => line.split(" ")[1] ?? "");
  expect(hashes).toHaveLength(2);
  const hex = hashes.map((hash) => Buffer.from(hash.slice(7), "base64").toString("hex"));
  const forms = [
    ...sha,
    ...hashes,
    ...hashes.map((hash) => `${hash}=`),
    ...md5,
    ...md5.map((hash) => hash.slice(4).replaceAll(":", "")),
    ...hex,
    ...lines,
    ...lines.map((line) => line.split(" ")[2] ?? ""),
    printed,
  ];
  for (const form of forms) expect([form, await outcomeWith(form)]).toEqual([form, "ok"]);
});

test("a fingerprint that no key of the server has is a mismatch that names them all", async () => {
  const host_key = `SHA256:${"A".repeat(43)}`;
  const report = await tryOut("sftp", "user_password", { ...place(sshd), password: sshd.password, host_key });
  expect(report.reason).toBe("host_key_mismatch");
  expect(report.steps[4]?.meaning).toMatch(/ssh-ed25519 SHA256:.*, ssh-rsa SHA256:/);
});

test("SHA-1 is signed with only where the operator allows it, and asking for it is told", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ type: "pkcs1", format: "pem" });
  const opened = openPrivateKey(rsa.toString(), undefined);
  if (!opened.ok) throw new Error(opened.problem);
  const told: string[] = [];
  const ways = (allowSha1: boolean) =>
    waysToSign(opened.key, { allowSha1, onSha1: () => told.push("sha1"), onSign: () => told.push("signed") });
  expect(ways(false).map(({ type }) => type)).toEqual(["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"]);
  expect(ways(false)[2]?.sign(Buffer.from("x"), "sha1")).toBeInstanceOf(Error);
  expect(ways(true)[2]?.sign(Buffer.from("x"), "sha1")).toBeInstanceOf(Buffer);
  expect(told).toEqual(["sha1", "signed"]);
});
