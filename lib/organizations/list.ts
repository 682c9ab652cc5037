import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { acrossOrganizations, inOrganization } from "@/lib/platform/db";
import { containing } from "@/lib/platform/names";
import { type Page, type PageRequest, readPage } from "@/lib/platform/pagination";
import { notFound } from "@/lib/platform/refusal";
import { type OrganizationView, toView } from "./view";

/** Every organisation of the platform, by name; at most 1000 from `offset`. */
export function listOrganizations(
  actor: Actor,
  page: { offset?: number; limit?: number } = {},
): Promise<OrganizationView[]> {
  return withAuthorization(actor, "platform:manage", { action: "organization.read" }, async () => {
    const rows = await acrossOrganizations((tx) =>
      tx.organization.findMany({
        where: { deletedAt: null },
        orderBy: { name: "asc" },
        skip: page.offset ?? 0,
        take: Math.min(page.limit ?? 100, 1000),
      }),
    );
    return rows.map(toView);
  });
}

export interface OrganizationsRequest extends PageRequest {
  /** Part of the name. */
  q?: string | undefined;
}

/** One page of the platform's organisations. @throws Refusal "not_found" when `after` is none of them */
export function pageOfOrganizations(actor: Actor, request: OrganizationsRequest): Promise<Page<OrganizationView>> {
  const where = { deletedAt: null, ...(request.q?.trim() && { name: containing(request.q) }) };
  return withAuthorization(actor, "platform:manage", { action: "organization.read" }, () =>
    acrossOrganizations(async (tx) => {
      const page = await readPage(request, {
        find: (beyond, window) => tx.organization.findMany({ where: { AND: [where, beyond] }, ...window }),
        count: (beyond) => tx.organization.count({ where: { AND: [where, beyond] } }),
        at: (id) => tx.organization.findFirst({ where: { ...where, id } }),
      });
      return { ...page, items: page.items.map(toView) };
    }),
  );
}

/** Those of these organisations that are there, in the order asked for. */
export function organizationsByIds(actor: Actor, ids: string[]): Promise<OrganizationView[]> {
  return withAuthorization(actor, "platform:manage", { action: "organization.read" }, async () => {
    const where = { id: { in: ids }, deletedAt: null };
    const rows = await acrossOrganizations((tx) => tx.organization.findMany({ where }));
    const found = new Map(rows.map((row) => [row.id, toView(row)]));
    return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
  });
}

/** The actor's own organisation. */
export function ownOrganization(actor: Actor): Promise<OrganizationView> {
  return withAuthorization(actor, "organization:read", { action: "organization.read" }, async () => {
    const row = await inOrganization(actor.orgId, (tx) => tx.organization.findUnique({ where: { id: actor.orgId } }));
    if (!row) throw notFound();
    return toView(row);
  });
}

/** One organisation by its name, for the platform's own work. */
export function organizationNamed(actor: Actor, name: string): Promise<OrganizationView> {
  return withAuthorization(actor, "platform:manage", { action: "organization.read" }, async () => {
    const row = await acrossOrganizations((tx) => tx.organization.findUnique({ where: { name } }));
    if (!row) throw notFound();
    return toView(row);
  });
}
