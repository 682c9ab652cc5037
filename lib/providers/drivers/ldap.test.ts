import { expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { startSlapd } from "@/test/servers/slapd";

const slapd = withServer("ldap", startSlapd);
provesSignIn(slapd, ({ ports }) => [
  { port: ports.tls, tls: "tls" },
  { port: ports.starttls, tls: "starttls" },
  // Without a word on TLS, it is asked for by STARTTLS at any port but one.
  { port: ports.starttls },
]);

test("reads the base, or the server's own entry, and says where there is none", async () => {
  const { ports, base } = slapd.server();
  const [known, unknown, nobody] = await Promise.all([
    slapd.tried(ports.starttls, { base }),
    slapd.tried(ports.starttls, { base: "dc=elsewhere,dc=com" }),
    slapd.tried(ports.starttls, { user: "", password: "" }),
  ]);
  expect(known.steps.at(-1)).toMatchObject({ status: "ok", detail: "The base was read" });
  expect(unknown).toMatchObject({ outcome: "failed", reason: "path_unknown" });
  expect(unknown.steps.at(-1)?.field).toBe("base");
  expect(nobody.outcome).toBe("ok");
});

test("does not sign in as nobody where the password is missing, and says what is no name", async () => {
  const { ports } = slapd.server();
  const [missing, misnamed, unencrypted] = await Promise.all([
    slapd.tried(ports.starttls, { password: "" }),
    slapd.tried(ports.starttls, { user: "reader" }),
    slapd.tried(ports.starttls, { tls: "none" }),
  ]);
  expect(missing.steps[0]).toMatchObject({ status: "failed", code: "value_missing", field: "password" });
  expect(misnamed).toMatchObject({ outcome: "failed", reason: "user_unreadable" });
  expect(walked(unencrypted).slice(0, 6)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok"]);
});
