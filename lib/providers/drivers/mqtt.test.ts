import { expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { startMosquitto } from "@/test/servers/mosquitto";

const mosquitto = withServer("mqtt", startMosquitto);
provesSignIn(mosquitto, ({ ports }) => [{ port: ports.tls }]);

test("sends nothing to a broker without TLS unless the values say so", async () => {
  const { ports } = mosquitto.server();
  expect(await mosquitto.tried(ports.plain)).toMatchObject({ reason: "connection_lost" });
  const said = await mosquitto.tried(ports.plain, { tls: "none" });
  expect(walked(said)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok"]);
  expect(await mosquitto.tried(ports.plain, { tls: "none", user: "", password: "" })).toMatchObject({
    outcome: "failed",
    reason: "wrong_credentials",
  });
});
