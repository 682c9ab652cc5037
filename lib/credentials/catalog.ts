import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import type { Provider } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";

/** Every kind of system that a credential can be for. The same for everybody who may look at it. */
export const catalog = (actor: Actor): Promise<readonly Provider[]> =>
  permitted(actor, "catalog:read", { action: "credential.read" }, async () => providers());
