import { expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { startRabbitmq } from "@/test/servers/rabbitmq";

const rabbitmq = withServer("rabbitmq", startRabbitmq);
provesSignIn(rabbitmq, ({ ports }) => [{ port: ports.tls }]);

test("tells a virtual host that the user may not enter from a wrong password", async () => {
  const { ports } = rabbitmq.server();
  const report = await rabbitmq.tried(ports.tls, { vhost: "elsewhere" });
  expect(report).toMatchObject({ outcome: "degraded", reason: "permission_denied" });
  expect(report.steps.find(({ code }) => code)?.field).toBe("vhost");
});

test("sends nothing to a server without TLS unless the values say so", async () => {
  const { ports } = rabbitmq.server();
  expect(await rabbitmq.tried(ports.plain)).toMatchObject({ outcome: "failed", reason: "tls_failed" });
  const said = await rabbitmq.tried(ports.plain, { tls: "none" });
  expect(walked(said)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok", "permission ok"]);
});
