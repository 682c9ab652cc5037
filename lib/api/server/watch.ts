import "server-only";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { methods } from "@/lib/api/http/route";
import type { Exchange, MetricsView } from "@/lib/observability";

/** Hears of every request at its beginning; the gateway writes into what it gets where the request belongs. */
export type Watch = (incoming: IncomingMessage, outgoing: ServerResponse) => Exchange;

/** The client went away before it was answered (nginx's number for that). */
const GONE = "499";

/** Counts every request once it is over, under words out of closed sets alone. */
export function countingWatch(metrics: MetricsView): Watch {
  return (incoming, outgoing) => {
    const exchange: Exchange = { door: "gateway", route: "none" };
    const began = performance.now();
    metrics.begun();
    outgoing.once("close", () => {
      const seconds = (performance.now() - began) / 1_000;
      metrics.answered({ ...exchange, method: methodOf(incoming), status: statusOf(outgoing), seconds });
    });
    return exchange;
  };
}

const METHODS: ReadonlySet<string> = new Set(methods);
const methodOf = ({ method = "" }: IncomingMessage) => (METHODS.has(method) ? method : "OTHER");

const statusOf = ({ headersSent, statusCode }: ServerResponse) => {
  if (!headersSent) return GONE;
  return statusCode in STATUS_CODES ? String(statusCode) : "other";
};
