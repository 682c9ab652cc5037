import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allowing, buildWorker, tryOut, walked } from "@/test/providers/worker";
import { type Mail, startMail } from "@/test/servers/mail";
import { freePort } from "@/test/servers/peer";

let worker: Awaited<ReturnType<typeof buildWorker>>;
let mail: Mail;
beforeAll(async () => {
  mail = await startMail();
  // Told to the worker, as an operator would who has an authority of their own.
  process.env.NODE_EXTRA_CA_CERTS = mail.authority;
  worker = await buildWorker();
});
afterAll(async () => {
  worker?.forget();
  await mail?.stop();
});

const tried = (kind: string, port: number, change = {}) =>
  tryOut(
    kind,
    "user_password",
    { host: "localhost", port, user: mail.user, password: mail.password, ...change },
    { policy: allowing(port) },
  );
const GOOD = ["values ok", "resolve ok", "address ok", "connect ok"];
const ways = (kind: "smtp" | "imap") => ({ starttls: mail[kind].starttls, tls: mail[kind].tls });

describe.each(["smtp", "imap"] as const)("%s", (kind) => {
  test("signs in over TLS that was verified, from the first byte on or from a command on", async () => {
    const { starttls, tls } = ways(kind);
    // Without a word on TLS, it follows from the port.
    const reports = await Promise.all([tried(kind, starttls), tried(kind, tls, { tls: "tls" })]);
    for (const report of reports) {
      expect(walked(report)).toEqual([...GOOD, "tls ok", "sign_in ok", "permission ok"]);
      expect(report.facts.certificateExpiresAt).toBeDefined();
    }
  });

  test("tells a wrong password and a wrong user from what answers not at all", async () => {
    const { starttls, tls } = ways(kind);
    const refused = await Promise.all([
      tried(kind, starttls, { password: "wrong-password" }),
      tried(kind, tls, { tls: "tls", user: "nobody@example.com" }),
    ]);
    const closed = await tried(kind, await freePort());
    for (const report of refused) expect(report).toMatchObject({ outcome: "failed", reason: "wrong_credentials" });
    expect(closed).toMatchObject({ outcome: "unreachable", reason: "connection_refused" });
    expect(closed.steps.find(({ code }) => code)?.field).toBe("port");
  });

  test("told that a port is encrypted which is not, says so", async () => {
    expect(await tried(kind, mail[kind].starttls, { tls: "tls" })).toMatchObject({
      outcome: "failed",
      reason: "tls_failed",
    });
  });
});

test("a certificate that nobody vouches for is refused, and taken where the values say so", async () => {
  const { strange } = mail.smtp;
  const refused = await tried("smtp", strange, { tls: "tls" });
  expect(refused).toMatchObject({ outcome: "failed", reason: "certificate_self_signed" });
  expect(refused.steps.find(({ code }) => code === "certificate_self_signed")?.field).toBe("host");
  const taken = await tried("smtp", strange, { tls: "tls", accepts_any_certificate: true });
  expect(walked(taken)).toContain("tls warning certificate_not_checked");
  expect(taken.outcome).toBe("ok");
});

test("a mail server without encryption hears the password only where the values say so", async () => {
  const { plain } = mail.smtp;
  expect(await tried("smtp", plain)).toMatchObject({ outcome: "failed", reason: "tls_not_offered" });
  const said = await tried("smtp", plain, { tls: "none" });
  expect(walked(said)).toEqual([...GOOD, "tls warning not_encrypted", "sign_in ok", "permission ok"]);
});
