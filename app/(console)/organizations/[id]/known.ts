import "server-only";
import { notFound } from "next/navigation";
import { cache } from "react";
import type { Actor } from "@/lib/authorization/actor";
import { type OrganizationView, organizationsByIds } from "@/lib/organizations";
import { isUuid } from "@/lib/platform/uuid";

const read = cache(
  async (actor: Actor, id: string): Promise<OrganizationView | undefined> =>
    isUuid(id) ? (await organizationsByIds(actor, [id]))[0] : undefined,
);

/** Page and title of one request read it once. What does not exist, or is no id, is a page that says so. */
export const knownOrganization = async (actor: Actor, id: string): Promise<OrganizationView> =>
  (await read(actor, id)) ?? notFound();

/** For the page's title, which is asked for beside the page. */
export const knownName = async (actor: Actor, id: string): Promise<string> =>
  (await read(actor, id).catch(() => undefined))?.name ?? "Organisation";
