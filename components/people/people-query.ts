import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { fetchFeed } from "@/components/feed";
import { pageFeed } from "@/components/feeds/page";
import { holdingsFeed, personItem } from "@/components/feeds/people";
import { type Params, readAddress, writeAddress } from "@/components/list/address";
import { pageOptions } from "@/components/list/page-options";
import type { FoundSubject } from "@/lib/access";
import { userRoles } from "@/lib/vocabulary/permissions";
import { personStatuses } from "./messages";

/** The names that stand in the address of a list of people; the feed refuses any other. */
export const peopleShape = {
  q: z.string().trim().min(1).max(200).optional(),
  role: z.enum(userRoles).optional(),
  status: z.enum(personStatuses).optional(),
};

export type PeopleQuery = z.infer<z.ZodObject<typeof peopleShape>>;

export const readPeopleQuery = (params: Params): PeopleQuery => readAddress(peopleShape, params);
export const peopleParams = (query: PeopleQuery): URLSearchParams => writeAddress(query);

export const peopleKeys = { all: ["people"] };

/** @param organization another one than one's own */
export const peopleOptions = (query: PeopleQuery, organization?: string) =>
  pageOptions(
    personItem,
    [...peopleKeys.all, organization ?? "own", query],
    "/people/feed",
    writeAddress({ ...query, organization }),
  );

interface Which {
  id: string;
  organization?: string | undefined;
}

/** What hangs on a person; asked anew each time, because it decides what one is asked. */
export const holdingsOptions = ({ id, organization }: Which) =>
  queryOptions({
    queryKey: [...peopleKeys.all, "holdings", id],
    queryFn: ({ signal }) =>
      fetchFeed(holdingsFeed, `/people/${id}/feed`, new URLSearchParams(organization && { organization }), signal),
    staleTime: 0,
  });

/** Who can take over from a person, by a part of the name or address. */
export const heirsOptions = ({ id, organization }: Which, q: string) =>
  queryOptions({
    queryKey: [...peopleKeys.all, "heirs", organization ?? "own", id, q],
    queryFn: async ({ signal }): Promise<FoundSubject[]> => {
      const asked = writeAddress({ q: q || undefined, organization });
      const { items } = await fetchFeed(pageFeed(personItem), "/people/feed", asked, signal);
      const there = items.filter((person) => person.id !== id && person.status !== "inactive");
      return there.map((person) => ({ kind: "user", id: person.id, name: person.name, detail: person.email }));
    },
  });
