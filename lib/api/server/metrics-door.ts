import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { MetricsView } from "@/lib/observability";
import { log, traceOf } from "@/lib/platform/log";
import { beginAnswer } from "./exchange";
import { refuse } from "./refusal-answer";

/** Answers a request for the metrics; false for every other one, and for whoever may not read them. */
export type MetricsDoor = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

const TOKEN_MIN = 16;

/**
 * The token that reads the metrics, if there is to be one.
 * @throws Error that says what is wrong with the file, never what is in it
 */
export function metricsToken(token: string | undefined, file: string | undefined): string | undefined {
  if (token !== undefined || file === undefined) return token;
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new Error("METRICS_TOKEN_FILE cannot be read");
  }
  if (text.length < TOKEN_MIN) throw new Error(`METRICS_TOKEN_FILE must hold at least ${TOKEN_MIN} characters`);
  return text;
}

/** @param token without one whoever reaches the port may read */
export function metricsDoor(metrics: MetricsView, token: string | undefined): MetricsDoor {
  return (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    if (url?.split("?", 1)[0] !== "/metrics" || (method !== "GET" && method !== "HEAD")) return false;
    if (token !== undefined && !isSame(headers.authorization ?? "", `Bearer ${token}`)) return false;
    metrics.text().then(
      (text) => {
        const told = { "content-type": metrics.contentType, "content-length": Buffer.byteLength(text) };
        beginAnswer(outgoing, 200, { ...told, "cache-control": "no-store" });
        outgoing.end(method === "HEAD" ? undefined : text);
      },
      (error: unknown) => {
        log.error("the metrics could not be read", traceOf(error));
        refuse(outgoing, 500, "Internal server error");
      },
    );
    return true;
  };
}

/** For a port of their own, where nothing else is. */
export const metricsListener =
  (door: MetricsDoor): RequestListener =>
  (incoming, outgoing) => {
    if (!door(incoming, outgoing)) refuse(outgoing, 404, "There is nothing at this path");
  };

/** Hashes are of one length, so that comparing takes the same time for all. */
const isSame = (one: string, other: string) => timingSafeEqual(digest(one), digest(other));
const digest = (text: string) => createHash("sha256").update(text).digest();
