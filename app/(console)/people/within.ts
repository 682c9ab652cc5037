import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assumeOrganization } from "@/lib/organizations";

/** The actor where the work is: at home, or in the organisation that a platform administrator named. */
export const within = async (actor: Actor, organization: string | undefined): Promise<Actor> =>
  organization === undefined ? actor : assumeOrganization(actor, organization);
