import "server-only";
import { ulid } from "ulid";
import type { Actor } from "@/lib/authorization/actor";
import { listOrganizations, organizationNamed, platformActor } from "@/lib/organizations";
import { ready } from "@/lib/platform/readiness";
import { Refusal } from "@/lib/platform/refusal";

/** The actor of the platform's own work. */
export async function platform(): Promise<Actor> {
  await ready();
  return platformActor(ulid());
}

/** An actor inside the named organisation, or inside the only one there is. */
export async function inside(name: string | undefined): Promise<Actor> {
  const actor = await platform();
  if (name !== undefined) return { ...actor, orgId: (await organizationNamed(actor, name)).id };
  const [only, another] = await listOrganizations(actor, { limit: 2 });
  if (!only)
    throw new Refusal("not_found", "There is no organisation yet: run organization create, or open the set-up link");
  if (another) throw new Refusal("invalid", "There are several organisations: choose one with --organization NAME");
  return { ...actor, orgId: only.id };
}

/** One result: as JSON when asked for, else the words. */
export function say(json: boolean | undefined, value: unknown, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : words}\n`);
}
