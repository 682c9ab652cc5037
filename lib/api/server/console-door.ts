import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Forward } from "./console-proxy";
import { beginAnswer } from "./exchange";
import { answerPage } from "./plain-page";
import { type HostVerdict, isOwnOrigin } from "./public-host";

const METHODS = ["GET", "HEAD", "POST"];
const ALLOW = { allow: [...METHODS, "OPTIONS"].join(", ") };

interface Options {
  publicUrl: URL;
  hostOf: (incoming: IncomingMessage) => HostVerdict;
  forward: Forward;
}

/** What is decided of a request for the console before the console hears of it: method, name, origin. */
export function consoleDoor({ publicUrl, hostOf, forward }: Options): Forward {
  return async (incoming, outgoing, address) => {
    const { method = "" } = incoming;
    if (method === "OPTIONS") return void beginAnswer(outgoing, 204, ALLOW).end();
    if (!METHODS.includes(method)) return answerMethod(outgoing);
    const host = hostOf(incoming);
    if (host.is === "elsewhere") return answerElsewhere(outgoing, host.location);
    if (host.is === "foreign") return answerForeign(outgoing, 421, host.message);
    if (method === "POST" && !isOwnOrigin(incoming, publicUrl)) {
      return answerForeign(
        outgoing,
        403,
        `This request does not come from ${publicUrl.origin}. Open the console there.`,
      );
    }
    return forward(incoming, outgoing, address);
  };
}

const answerMethod = (outgoing: ServerResponse) =>
  answerPage(outgoing, 405, { title: "Not possible", text: "This method is not allowed here.", headers: ALLOW });

const answerForeign = (outgoing: ServerResponse, status: number, text: string) =>
  answerPage(outgoing, status, { title: "Another address", text });

/** For this once: the next operator may give the console another name. */
function answerElsewhere(outgoing: ServerResponse, location: string): void {
  beginAnswer(outgoing, 307, { location, "cache-control": "no-store", "content-length": 0 });
  outgoing.end();
}
