import "server-only";
import type { TLSSocket } from "node:tls";
import { type AuthPlugin, authPlugins } from "mysql2";
import { certificateProblem } from "../certificate";
import { presented } from "../tls";

/** Whether the server at the other end of the driver's stream may be told the password itself. */
export type MayHear = (stream: unknown) => boolean;

/** A server whose certificate is trusted and made out for this host. */
export const verifiedAs =
  (host: string): MayHear =>
  (stream) =>
    isEncrypted(stream) &&
    certificateProblem("verify-full", host.replace(/^\[(.*)\]$/, "$1"), presented(stream)) === undefined;

/** Of the driver's own making, where it encrypts; else the plain stream that it was given. */
const isEncrypted = (stream: unknown): stream is TLSSocket => (stream as Partial<TLSSocket>).encrypted === true;

/** The server's word that a proof was enough; whatever else follows one is a request for the password itself. */
const ENOUGH = Buffer.from([3]);

/**
 * The driver's ways to sign in, without its answers that tell the password: in clear, or encrypted with a key that the
 * server hands over. A server may ask for one at any moment, and for several in turn, so each answer is judged by itself.
 */
export function provingOnly(mayHear: MayHear, refuse: () => never): Record<string, AuthPlugin> {
  const guarded =
    (plugin: AuthPlugin, asksForPassword: (request: Buffer, isFirst: boolean) => boolean): AuthPlugin =>
    (context) => {
      const answer = plugin(context);
      let isFirst = true;
      return (request) => {
        // The driver's types leave out its stream, which it replaces when it encrypts.
        const { stream } = context.connection as unknown as { stream: unknown };
        if (asksForPassword(request, isFirst) && !mayHear(stream)) refuse();
        isFirst = false;
        return answer(request);
      };
    };
  return {
    mysql_clear_password: guarded(authPlugins.mysql_clear_password(), () => true),
    sha256_password: guarded(authPlugins.sha256_password(), () => true),
    caching_sha2_password: guarded(
      authPlugins.caching_sha2_password(),
      (request, isFirst) => !isFirst && !request.equals(ENOUGH),
    ),
  };
}
