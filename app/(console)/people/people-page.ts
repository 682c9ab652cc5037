import "server-only";
import type { PeopleQuery } from "@/components/people/people-query";
import type { Actor } from "@/lib/authorization/actor";
import { listPeople } from "@/lib/identity";
import { within } from "./within";

const PAGE = 50;

/** One page of people by name, for the page and for its feed. */
export const pageOfPeople = async (
  actor: Actor,
  { organization, ...query }: PeopleQuery & { after?: string | undefined; organization?: string | undefined },
) => listPeople(await within(actor, organization), { ...query, order: "name_asc", limit: PAGE });
