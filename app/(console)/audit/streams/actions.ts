"use server";

import { z } from "zod";
import { action } from "@/lib/api/http/action";
import { createStream, deleteStream, pauseStream, resumeStream, tryStream, updateStream } from "@/lib/audit-streams";
import { readSettings } from "@/lib/audit-streams/sinks";

const One = z.strictObject({ id: z.string().max(64) });
const typed = {
  name: z.string().max(1_000),
  settings: z.record(z.string().max(100), z.union([z.string().max(100_000), z.number(), z.null()])),
  backlogLimit: z.number(),
  refuseFetchesWhenFull: z.boolean(),
  force: z.boolean(),
};

const Added = z.strictObject({ ...typed, from: z.enum(["now", "beginning"]) });
const Changed = z.strictObject({ ...One.shape, expectedVersion: z.int().min(1), ...z.object(typed).partial().shape });

export const addStream = action(Added, (actor, { settings, ...rest }) =>
  createStream(actor, { ...rest, settings: readSettings(settings) }),
);
export const changeStream = action(Changed, (actor, { id, ...change }) => updateStream(actor, id, change));
export const testStream = action(One, (actor, { id }) => tryStream(actor, id));
export const stopStream = action(One, (actor, { id }) => pauseStream(actor, id));
export const goOnWithStream = action(One, (actor, { id }) => resumeStream(actor, id));
export const removeStream = action(One, (actor, { id }) => deleteStream(actor, id));
