import "server-only";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { ConsoleSocket } from "./console-exchange";
import type { OnUpgrade } from "./listener";
import { isOwnOrigin } from "./public-host";

/** Where Next's development client hears of changes. */
const PATH = /^\/_next\/(hmr|webpack-hmr)(\?|$)/;

/**
 * The one protocol beside HTTP, for development alone: the socket over which a page hears that its code changed. The
 * connection is handed over whole and never comes back.
 */
export function tunnelTo(console: ConsoleSocket, publicUrl: URL): OnUpgrade {
  return (incoming, socket, head) => {
    socket.on("error", () => undefined);
    if (!console.up || !PATH.test(incoming.url ?? "") || !isOwnOrigin(incoming, publicUrl))
      return void socket.destroy();
    const onward = connect(console.socket, () => {
      const { rawHeaders } = incoming;
      const lines = [`GET ${incoming.url} HTTP/1.1`];
      for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      join(socket, onward);
    });
    onward.on("error", () => socket.destroy());
  };
}

function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  one.on("close", () => other.destroy());
  other.on("close", () => one.destroy());
}
