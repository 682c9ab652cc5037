import { expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { startNats } from "@/test/servers/nats";

const nats = withServer("nats", startNats);
provesSignIn(nats, ({ ports }) => [{ port: ports.tls }]);

test("sends nothing to a server without TLS unless the values say so, and then a token as well", async () => {
  const { ports, token } = nats.server();
  expect(await nats.tried(ports.plain)).toMatchObject({ outcome: "failed", reason: "tls_not_offered" });
  const byToken = { tls: "none", user: "", password: "", token };
  const said = await nats.tried(ports.plain, byToken);
  expect(walked(said)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok"]);
  expect(await nats.tried(ports.plain, { ...byToken, token: "wrong-token" })).toMatchObject({
    outcome: "failed",
    reason: "wrong_credentials",
  });
});
