import { z } from "zod";
import { personItem } from "@/components/feeds/people";
import { type Params, readAddress, writeAddress } from "@/components/list/address";
import { pageOptions } from "@/components/list/page-options";
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
