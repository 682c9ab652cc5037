import type { Call } from "@/lib/api/http/call";
import { stretch } from "@/lib/api/wire/litegraph/enumeration";
import { credential, tenant, user } from "@/lib/api/wire/litegraph/present";
import type { Enumeration, Stretch } from "@/lib/api/wire/litegraph/query";
import type { Credential } from "@/lib/api/wire/litegraph/schemas/credential";
import type { Tenant, User } from "@/lib/api/wire/litegraph/schemas/tenant";
import { can } from "@/lib/authorization/authorize";
import { listPeople } from "@/lib/identity";
import { pageOfTokens, tokenOwner } from "@/lib/identity/tokens";
import { administratorOf, ownOrganization, pageOfOrganizations } from "@/lib/organizations";
import { EMPTY, ifMissing, inside } from "./inside";
import type { Items } from "./lists";

/** What lists and pages of either version read, a kind of thing each. */

/** Tenants: the platform's administrator sees all of them, an organisation's its own alone. */
export async function tenants({ actor }: Call, wanted: Stretch): Promise<Items<Tenant>> {
  await administratorOf(actor, actor.orgId);
  if (!can(actor, "platform:manage")) return stretch([tenant(await ownOrganization(actor))], wanted);
  const found = await pageOfOrganizations(actor, wanted);
  return { ...found, items: found.items.map(tenant) };
}

/** Users of the tenant that the path names; none where it is not there. */
export async function users(call: Call, wanted: Stretch): Promise<Items<User>> {
  const actor = await ifMissing(inside(call), null);
  if (!actor) return EMPTY;
  const found = await listPeople(actor, wanted);
  return { ...found, items: found.items.map(user) };
}

/** Its credentials, or those of one user; none where either is not there. */
export async function credentials(call: Call, { ownerId, ...wanted }: Enumeration): Promise<Items<Credential>> {
  const actor = await ifMissing(inside(call), null);
  if (!actor) return EMPTY;
  const owner = ownerId === undefined ? undefined : await ifMissing(tokenOwner(actor, ownerId), null);
  if (owner === null) return EMPTY;
  const found = await pageOfTokens(actor, { ...wanted, ...(owner && { owner }) });
  return { ...found, items: found.items.map((view) => credential(view, actor.orgId)) };
}
