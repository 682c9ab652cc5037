import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { authenticateByPassword, authenticateSecurityToken } from "@/lib/identity";
import { resolveToken, weakToken } from "@/lib/identity/tokens";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { addressOf } from "./address";
import { bearerOf } from "./bearer";

/**
 * Who calls at the LiteGraph door: by address, password and tenant if all three are there, else by bearer token, else by
 * security token. Whoever sends several is judged by the first.
 * @throws Refusal "unauthenticated", with `inactive` in its details for what is known and switched off
 */
export async function litegraphCaller(headers: Headers, requestId: string): Promise<Actor> {
  const address = addressOf(headers);
  const [email, password, tenant] = ["x-email", "x-password", "x-tenant-guid"].map((name) => headers.get(name));
  if (email && password && tenant) {
    const organizationId = tenantGuid(tenant);
    return authenticateByPassword({ email: email.slice(0, 320), password, organizationId, address, requestId });
  }
  const bearer = bearerOf(headers);
  if (bearer) return callerByBearer(bearer, requestId, address);
  const token = headers.get("x-token");
  if (token) return authenticateSecurityToken(token, { requestId, address });
  throw new Refusal("unauthenticated", "Send a bearer token, a security token, or an e-mail address with its password");
}

async function callerByBearer(token: string, requestId: string, address: string): Promise<Actor> {
  const { actor, dead } = await resolveToken(token, requestId, address);
  if (dead === "token_weak") throw weakToken();
  if (dead?.endsWith("_inactive")) {
    throw new Refusal("unauthenticated", "The token, its owner or their organisation is switched off", {
      details: { inactive: true },
    });
  }
  if (!actor || dead) throw new Refusal("unauthenticated", "Invalid authentication token");
  return actor;
}

function tenantGuid(text: string): string {
  if (!isUuid(text.trim())) throw invalidField("x-tenant-guid", "Is no GUID");
  return text.trim().toLowerCase();
}
