import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import type { Provider } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";

/** Every kind of system that a credential can be for. The same for everybody who may look at it. */
export const catalog = (actor: Actor): Promise<readonly Provider[]> =>
  withAuthorization(actor, "catalog:read", { action: "credential.read" }, async () => providers());
