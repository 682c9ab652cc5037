import { z } from "zod";
import { userRoles } from "@/lib/vocabulary/permissions";

const email = z.string().trim().max(254);
const name = z.string().trim().max(200);
const role = z.enum(userRoles);
const organization = z.uuid().optional();

export const InviteInput = z.strictObject({ organization, email, firstName: name, lastName: name, role });

export const PersonInput = z.strictObject({ organization, id: z.uuid() });

/** Who takes over what hangs on the person. */
const heirId = z.uuid().optional();

export const PersonActiveInput = PersonInput.extend({ active: z.boolean(), heirId });

export const RemovePersonInput = PersonInput.extend({ heirId });

export const SetUpInput = z.strictObject({ kind: z.enum(["person", "link", "token"]), id: z.uuid() });

export const PersonChangeInput = PersonInput.extend({
  change: z.strictObject({
    email: email.optional(),
    firstName: name.optional(),
    lastName: name.optional(),
    role: role.optional(),
    expectedVersion: z.number().int().min(1),
  }),
});
