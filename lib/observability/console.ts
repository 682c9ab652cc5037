import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tracer } from "@/lib/platform/tracing";
import { consoleRoute } from "./console-route";
import { traceWhereAsked } from "./index";

/**
 * The console's process is followed as the gateway's is. Its server is outside of Next, which loads this, so what it needs of it
 * lies where both see it (`deploy/console.mjs`).
 */
interface FollowedConsole {
  /** Does a request's work as one span, below the caller's. */
  around: (request: IncomingMessage, response: ServerResponse, work: () => Promise<void>) => Promise<void>;
  stop: () => Promise<void>;
}

/** Begins, where the operator has named a collector; for the start of the console's process. */
export async function followConsole(): Promise<void> {
  const stop = await traceWhereAsked();
  if (!stop) return;
  const holder = globalThis as typeof globalThis & { latchkeyFollowedConsole?: FollowedConsole };
  holder.latchkeyFollowedConsole = { around, stop };
}

const around: FollowedConsole["around"] = async (request, response, work) => {
  const route = consoleRoute(request.url ?? "", request);
  const following = route === "static" ? undefined : tracer();
  if (!following) return work();
  const { method = "GET" } = request;
  return following.span(
    "door",
    { door: "console", method, route },
    async (note) => {
      await work();
      note({ status: response.statusCode });
    },
    [request.headers.traceparent].flat()[0],
  );
};
