import type { Page } from "@/lib/page";
import { invalidField, notFound } from "@/lib/refusal";
import type { Enumeration } from "./query";

/**
 * The tenant of the address counts, always. A body that names another one is refused: whoever sent it would read the
 * answer as that one's.
 * @throws Refusal "invalid"
 */
export function refuseOtherTenant(wanted: Enumeration, tenantGuid: string | undefined): Enumeration {
  if (wanted.tenantId !== undefined && tenantGuid !== undefined && wanted.tenantId !== tenantGuid.toLowerCase()) {
    throw invalidField("TenantGUID", "Must be the tenant of the address, or left out");
  }
  return wanted;
}

/** A list of one, as a page. @throws Refusal "not_found" when `after` is not in it */
export function onePage<T extends { GUID: string }>(all: [T], { skip = 0, after }: Enumeration): Page<T> {
  const [only] = all;
  if (after !== undefined && after !== only.GUID) throw notFound();
  return { items: after === undefined && skip === 0 ? all : [], total: 1, remaining: 0 };
}
