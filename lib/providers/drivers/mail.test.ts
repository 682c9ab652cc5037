import { describe, expect, test } from "vitest";
import type { OutboundPolicy } from "@/lib/platform/net/policy";
import { REACHED, withServer } from "@/test/providers/protocol";
import { allowing, walked } from "@/test/providers/worker";
import { startMail } from "@/test/servers/mail";
import { freePort } from "@/test/servers/peer";
import { parseOwnKind } from "../catalog/parse-own";
import { testConnection } from "../connections";

const { server: mail, tried: tryOut } = withServer("smtp", startMail);
const tried = (kind: string, port: number, change = {}) => tryOut(port, change, kind);
const ways = (kind: "smtp" | "imap") => ({ starttls: mail()[kind].starttls, tls: mail()[kind].tls });

describe.each(["smtp", "imap"] as const)("%s", (kind) => {
  test("signs in over TLS that was verified, from the first byte on or from a command on", async () => {
    const { starttls, tls } = ways(kind);
    // Without a word on TLS, it follows from the port.
    const reports = await Promise.all([tried(kind, starttls), tried(kind, tls, { tls: "tls" })]);
    for (const report of reports) {
      expect(walked(report)).toEqual([...REACHED, "tls ok", "sign_in ok", "permission ok"]);
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
    expect(await tried(kind, mail()[kind].starttls, { tls: "tls" })).toMatchObject({
      outcome: "failed",
      reason: "tls_failed",
    });
  });
});

test("a certificate that nobody vouches for is refused, and taken where the values say so", async () => {
  const { strange } = mail().smtp;
  const refused = await tried("smtp", strange, { tls: "tls" });
  expect(refused).toMatchObject({ outcome: "failed", reason: "certificate_self_signed" });
  expect(refused.steps.find(({ code }) => code === "certificate_self_signed")?.field).toBe("host");
  const taken = await tried("smtp", strange, { tls: "tls", accepts_any_certificate: true });
  expect(walked(taken)).toContain("tls warning certificate_not_checked");
  expect(taken.outcome).toBe("ok");
});

test("a mail server without encryption hears the password only where the values say so", async () => {
  const { plain } = mail().smtp;
  expect(await tried("smtp", plain)).toMatchObject({ outcome: "failed", reason: "tls_not_offered" });
  const said = await tried("smtp", plain, { tls: "none" });
  expect(walked(said)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok", "permission ok"]);
});

test("a kind that an organisation has made is tried out likewise, and reaches no further than others", async () => {
  const definition = ownKind();
  const { user, password, smtp } = mail();
  const values = { server: "localhost", at: smtp.starttls, login: user, secret: password };
  const asker = { orgId: crypto.randomUUID(), definition };
  const tried = (policy: OutboundPolicy) =>
    testConnection(definition.id, "user_password", values, { ...asker, policy });
  const report = await tried(allowing(smtp.starttls));
  expect(walked(report)).toEqual([...REACHED, "tls ok", "sign_in ok", "permission ok"]);
  expect(JSON.stringify(report)).not.toContain(password);
  expect(await tried(allowing(smtp.tls))).toMatchObject({ outcome: "failed", reason: "address_not_allowed" });
});

function ownKind() {
  const parsed = parseOwnKind(`schema: 1
id: own_mail
label: Mail
credential_type: user_password
fields:
  - { name: server, kind: text, label: Server, destination: true }
  - { name: at, kind: number, label: Port, destination: true }
  - { name: login, kind: text, label: User, destination: true }
  - { name: secret, kind: password, label: Password }
test:
  driver: smtp
  values: { host: server, port: at, user: login, password: secret }
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}
