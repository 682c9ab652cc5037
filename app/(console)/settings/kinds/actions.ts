"use server";

import { z } from "zod";
import { action } from "@/lib/api/http/action";
import { createKind, deleteKind, draftFromOpenApi, draftKind, formOfText, testKind, updateKind } from "@/lib/own-kinds";

const id = z.string().max(64);
const text = z.string().max(65_536);
const expectedVersion = z.int().min(1);

export const add = action(z.strictObject({ text }), (actor, input) => createKind(actor, input.text));
export const change = action(z.strictObject({ id, text, expectedVersion }), (actor, { id: one, ...rest }) =>
  updateKind(actor, one, rest),
);
export const remove = action(z.strictObject({ id, expectedVersion }), (actor, input) =>
  deleteKind(actor, input.id, input.expectedVersion),
);
export const describe = action(z.strictObject({ text }), (actor, input) => formOfText(actor, input.text));
export const tryOut = action(z.strictObject({ text, values: z.record(z.string(), z.unknown()) }), (actor, input) =>
  testKind(actor, input),
);

const start = z.strictObject({
  label: z.string().trim().min(1).max(60),
  address: z.string().max(500).optional(),
  scheme: z.enum(["bearer", "header", "query", "basic"]),
  name: z.string().max(100).optional(),
  path: z.string().max(500),
});
export const draft = action(start, (actor, input) => draftKind(actor, input));
export const draftOfDocument = action(z.strictObject({ document: z.string().max(1_000_000) }), (actor, input) =>
  draftFromOpenApi(actor, input.document),
);
