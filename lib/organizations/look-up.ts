import "server-only";
import { countLookUp } from "@/lib/identity/sign-in/throttle";
import { whileAuthenticating } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { nameKey } from "@/lib/platform/names";
import { notFound } from "@/lib/platform/refusal";
import { type OrganizationView, toView } from "./view";

/** One address in more organisations than these is told of the first ones. */
const MOST = 50;

/**
 * The organisations that know an address, asked by a stranger before signing in. It tells who is a customer, so it is
 * off unless the operator wants it, and slow to be asked.
 * @throws Refusal "not_found" when switched off and for an unknown address; "too_many_requests"
 */
export async function organizationsOfAddress(email: string, address: string): Promise<OrganizationView[]> {
  if (!env().LATCHKEY_TENANTS_FOR_EMAIL) throw notFound();
  await countLookUp(address);
  const rows = await whileAuthenticating(async (tx) => {
    const where = { emailKey: nameKey(email.trim()), status: "active" };
    const users = await tx.user.findMany({ where, select: { orgId: true }, orderBy: { orgId: "asc" }, take: MOST });
    const orgIds = users.map((user) => user.orgId);
    return tx.organization.findMany({ where: { id: { in: orgIds }, active: true }, orderBy: { name: "asc" } });
  });
  if (rows.length === 0) throw notFound();
  return rows.map(toView);
}
