import "server-only";
import { createReadStream } from "node:fs";
import { jsonObject } from "@/lib/platform/json-object";

/** Longer lines are of nobody's we know: a batch is half a mebibyte, and its wrapping doubles that at most. */
const LINE_MAX = 16 * 1024 * 1024;

/** One event or seal, as its receiver has written it down. */
export type Message = Record<string, unknown>;

/** What of a log is in a file, in the order in which it stands there. Only one line at a time is in memory. */
export async function* messagesIn(path: string): AsyncGenerator<Message> {
  for await (const line of linesOf(path)) yield* messagesOf(line);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  let isTooLong = false;
  for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
    const parts = chunk.split("\n");
    for (const [at, part] of parts.entries()) {
      if (rest.length + part.length > LINE_MAX) isTooLong = true;
      rest = isTooLong ? "" : rest + part;
      if (at === parts.length - 1) break;
      if (!isTooLong) yield rest;
      [rest, isTooLong] = ["", false];
    }
  }
  if (rest !== "") yield rest;
}

/** The body of a webhook, an export of OpenTelemetry's collector, or one message with whatever syslog puts before it. */
function messagesOf(line: string): Message[] {
  const start = line.indexOf("{");
  const found = start < 0 ? undefined : jsonObject(line.slice(start));
  if (!found) return [];
  const held = isMessage(found) ? [found] : [...listOf(found.events), found.seal, ...recordsOf(found)];
  return held.filter((one): one is Message => isMessage(one));
}

/** resourceLogs → scopeLogs → logRecords → body. */
function recordsOf({ resourceLogs }: Message): unknown[] {
  const logs = listOf(resourceLogs).flatMap((one) => listOf(partOf(one, "scopeLogs")));
  return logs
    .flatMap((one) => listOf(partOf(one, "logRecords")))
    .map((record) => partOf(partOf(record, "body"), "stringValue"))
    .map((text) => (typeof text === "string" ? jsonObject(text) : undefined));
}

const isMessage = (value: unknown): boolean => {
  const type = partOf(value, "type");
  return type === "audit_event" || type === "audit_seal";
};

const partOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Message)[name] : undefined;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
