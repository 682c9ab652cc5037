import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { ownKinds } from "@/lib/own-kinds/lookup";
import { withAuthorization } from "@/lib/platform/audit";
import type { Provider } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";

/** Every kind of system that a credential can be for: the same for everybody, and behind them those of the organisation's own. */
export const catalog = (actor: Actor): Promise<readonly Provider[]> =>
  withAuthorization(actor, "catalog:read", { action: "credential.read" }, async () => [
    ...providers(),
    ...(await ownKinds(actor.orgId)).map(({ provider }) => provider),
  ]);
