"use server";

import { z } from "zod";
import { action } from "@/lib/api/http/action";
import { updateOrganization } from "@/lib/organizations";

const limit = z.number().int().min(1).max(1_000_000);

const Change = z.strictObject({
  name: z.string().max(1_000).optional(),
  requireTestBeforeSave: z.boolean().optional(),
  maxPerProvider: limit.optional(),
  maxPerUser: limit.optional(),
});

/** One's own organisation; which parts of it, the core decides. */
export const updateOwnOrganization = action(Change, (actor, change) => updateOrganization(actor, actor.orgId, change));
