"use server";

import { z } from "zod";
import { blastRadius } from "@/lib/access";
import { action } from "@/lib/api/http/action";
import { csvText } from "@/lib/api/http/csv";
import { notFound } from "@/lib/platform/refusal";
import { exposedFields, questionOf } from "./asked";

const ExportInput = z.strictObject({ asked: exposedFields, ids: z.array(z.uuid()).min(1).max(1_000) });

const columns = ["id", "name", "provider", "type", "active", "how", "times", "lastAt"];

/** Those of the list that were chosen, as a file. */
export const exportCsv = action(ExportInput, async (actor, { asked, ids }) => {
  const chosen = new Set(ids.map((id) => id.toLowerCase()));
  const rows = (await blastRadius(actor, questionOf(asked) ?? {})).filter(({ id }) => chosen.has(id));
  if (rows.length === 0) throw notFound();
  return csvText(columns, rows);
});
