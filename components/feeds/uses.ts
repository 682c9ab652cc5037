import { z } from "zod";
import type { BrokenUse, InstanceView } from "@/lib/plugin-instances";

/** What uses a credential, held to the views that these are. */
const text = z.string();
const optionalText = text.nullable();

const useShape = {
  id: text,
  orgId: text,
  plugin: text,
  flowId: text,
  credentialId: optionalText,
  taskName: text,
  description: text,
  registeredById: text,
  registeredBy: text,
  createdAt: text,
  updatedAt: text,
  modifiedBy: text,
};
export const useItem: z.ZodType<InstanceView> = z.object(useShape);
export const brokenUseItem: z.ZodType<BrokenUse> = z.object({ ...useShape, credentialName: text });
