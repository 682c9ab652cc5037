import "server-only";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";

/** A client's own, as PEM. */
export interface ClientCertificate {
  cert: string;
  key: string;
  passphrase?: string | undefined;
}

export interface Encryption {
  host: string;
  /** Further authorities, as PEM; the public ones when absent. */
  ca?: string | undefined;
  /** Shown to a server that asks who its client is. */
  certificate?: ClientCertificate | undefined;
  /** False lets the handshake through so that the certificate can be shown; the caller then judges it before it sends anything. */
  verify: boolean;
  /** Ends a handshake that the other side does not finish, and closes both streams. */
  signal?: AbortSignal;
}

/**
 * The same for a driver that encrypts by itself in the middle of its protocol: the handshake goes through, and the caller
 * judges the certificate before anything secret is sent.
 */
export const unjudged = (host: string) => ({
  ...nameOf(host),
  minVersion: "TLSv1.2" as const,
  rejectUnauthorized: false,
  checkServerIdentity: () => undefined,
});

/** For a driver that asks for the encrypted socket at once. */
export const encryptUnjudged = (stream: Duplex, host: string, onSecure: () => void): tls.TLSSocket =>
  tls.connect({ socket: stream, ...unjudged(host) }, onSecure);

/** An address has no name to ask for; its certificate must carry the address itself. */
function nameOf(host: string): { host: string } | { servername: string } {
  const name = host.replace(/^\[(.*)\]$/, "$1");
  return isIP(name) ? { host: name } : { servername: name };
}

/**
 * TLS 1.2 or newer over an open stream. Whatever ends the handshake early closes the stream below it as well.
 * @throws whatever TLS reports
 */
export function encrypted(
  stream: Duplex,
  { host, ca, certificate, verify, signal }: Encryption,
): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      socket: stream,
      ...nameOf(host),
      ...(ca === undefined ? {} : { ca }),
      ...certificate,
      minVersion: "TLSv1.2",
      ...(!verify && { rejectUnauthorized: false, checkServerIdentity: () => undefined }),
    });
    const settle = () => {
      signal?.removeEventListener("abort", onAbort);
      socket.off("error", fail).off("end", onEnd).off("close", onEnd);
    };
    const fail = (error: Error) => {
      settle();
      // Closing a half-finished handshake can still report an error, which then has nobody to go to.
      socket.on("error", () => undefined);
      socket.destroy();
      stream.destroy();
      reject(error);
    };
    const onEnd = () => fail(new Error("The other side ended the handshake"));
    const onAbort = () => fail(new Error("The handshake takes too long"));
    socket.on("error", fail).on("end", onEnd).on("close", onEnd);
    socket.once("secureConnect", () => {
      settle();
      resolve(socket);
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
