import "server-only";
import type { TLSSocket } from "node:tls";
import type { OpenStream } from "@/lib/platform/net/open-stream";
import { withOwnAuthority } from "../http-exchange";
import type { TestRun } from "../test-run";
import { handshake, judgeCertificate } from "../tls";

/** What drivers can be given in place of a socket of their own. */
export type Drivable = OpenStream | TLSSocket;

/**
 * The TLS step of a test that encrypts from the first byte on, or not at all, as the values say. At a public address the
 * certificate is checked fully; in a network that the operator opened it is not, as there the operator is trusted.
 */
export function secureOrPlain(
  testRun: TestRun,
  { host, encrypted }: { host: string; encrypted: boolean },
  plain: OpenStream,
  isPublic: boolean,
): Promise<Drivable> {
  return testRun.step("tls", async (notes) => {
    if (!encrypted) {
      notes.detail = "Switched off: everything, the password included, travels unencrypted";
      notes.warning = NOT_ENCRYPTED;
      return plain;
    }
    const socket = await handshake(plain, { host });
    try {
      judgeCertificate(testRun, notes, { mode: isPublic ? "verify-full" : "require", host }, socket);
    } catch (error) {
      socket.destroy();
      throw withOwnAuthority(error);
    }
    return socket;
  });
}

const NOT_ENCRYPTED = {
  code: "not_encrypted",
  meaning: "The connection is not encrypted.",
  advice: "Switch encryption on, if the server offers it.",
  field: "host",
};
