import { z } from "zod";
import type { StreamRow } from "@/components/feeds/streams";
import { type SinkKind, sinkFields, sinkKinds } from "@/lib/vocabulary/audit-sink";
import { backlogBounds } from "@/lib/vocabulary/audit-stream";
import type { TypedSettings } from "./stream-actions";

const BACKLOG = /^[1-9]\d{3,8}$/;
const { least, most, standard } = backlogBounds;
const NO_BACKLOG = `Must be a whole number from ${least} to ${most}`;

/** What the form holds; what of the settings is missing or wrong, the server says by the field's name. */
export const StreamFields = z.object({
  name: z.string().trim().min(1, "Name is required").max(100, "At most 100 characters"),
  kind: z.enum(sinkKinds),
  settings: z.record(z.string(), z.string()),
  backlogLimit: z
    .string()
    .regex(BACKLOG, NO_BACKLOG)
    .refine((typed) => Number(typed) <= most, NO_BACKLOG),
  refuseFetchesWhenFull: z.boolean(),
  from: z.enum(["now", "beginning"]),
});
export type StreamFields = z.infer<typeof StreamFields>;

/** Each field of every kind has its place from the start, so that a problem of the server's finds it. */
export function startOf(stream: StreamRow | undefined): StreamFields {
  const names = sinkKinds.flatMap((kind) => sinkFields[kind]);
  const settings = Object.fromEntries(
    names.map(({ name, default: usual }) => [name, text(stream ? stream.settings[name] : usual)]),
  );
  return {
    name: stream?.name ?? "",
    kind: stream?.kind ?? "webhook",
    settings,
    backlogLimit: String(stream?.backlogLimit ?? standard),
    refuseFetchesWhenFull: stream?.refuseFetchesWhenFull ?? false,
    from: "now",
  };
}

const text = (value: StreamRow["settings"][string] | undefined): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** What of it is sent. Of a known receiver, an empty secret is left out and stays; what else is empty is taken away. */
export function settingsOf({ kind, settings }: StreamFields, known: boolean): { kind: SinkKind } & TypedSettings {
  const typed: TypedSettings = {};
  for (const field of sinkFields[kind]) {
    const value = settings[field.name] ?? "";
    if (value !== "") typed[field.name] = field.kind === "number" && /^\d+$/.test(value) ? Number(value) : value;
    else if (known && field.kind !== "secret") typed[field.name] = null;
  }
  return { kind, ...typed };
}
