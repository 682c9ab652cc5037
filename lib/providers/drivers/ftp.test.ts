import { expect, test } from "vitest";
import { provesSignIn, REACHED, withServer } from "@/test/providers/protocol";
import { walked } from "@/test/providers/worker";
import { startVsftpd } from "@/test/servers/vsftpd";

const vsftpd = withServer("ftp", startVsftpd);
provesSignIn(vsftpd, ({ ports }) => [{ port: ports.starttls }, { port: ports.tls, tls: "tls" }]);

test("sends nothing to a server without TLS unless the values say so", async () => {
  const { ports } = vsftpd.server();
  expect(await vsftpd.tried(ports.plain)).toMatchObject({ outcome: "failed", reason: "tls_not_offered" });
  const said = await vsftpd.tried(ports.plain, { tls: "none" });
  expect(walked(said)).toEqual([...REACHED, "tls warning not_encrypted", "sign_in ok", "permission ok"]);
});
