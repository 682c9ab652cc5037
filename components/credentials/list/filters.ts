import type { Listing } from "@/lib/providers/listing";
import type { Facets } from "@/lib/vocabulary/credential-view";
import { outcomeMessages, providerLabel, statuses } from "../messages";
import { healthFilters, type ListQuery } from "./list-query";

export interface Filter {
  name: "provider" | "status" | "health" | "tag";
  label: string;
  options: { value: string; label: string; count?: number }[];
}

const healthWord = (value: (typeof healthFilters)[number]) =>
  value === "untested" ? "Not tested" : outcomeMessages[value].word;

/** The lists above the table, with how many rows each value has where that is known. */
export function filtersOf(facets: Facets | undefined, own: readonly Listing[]): Filter[] {
  const providers = (facets?.providers ?? []).map((one) => ({ ...one, label: providerLabel(one.value, own) }));
  return [
    { name: "provider", label: "Provider", options: providers.sort((a, b) => a.label.localeCompare(b.label)) },
    {
      name: "status",
      label: "Status",
      options: (facets?.statuses ?? []).map((one) => ({ ...one, label: statuses[one.value].word })),
    },
    { name: "health", label: "Health", options: healthFilters.map((value) => ({ value, label: healthWord(value) })) },
    { name: "tag", label: "Tag", options: (facets?.tags ?? []).map((one) => ({ ...one, label: one.value })) },
  ];
}

export interface ActiveFilter {
  name: keyof ListQuery;
  text: string;
}

/** What narrows the list right now, in words. */
export function activeFilters(query: ListQuery, own: readonly Listing[] = []): ActiveFilter[] {
  return [
    ...(query.q ? [{ name: "q" as const, text: `Search: ${query.q}` }] : []),
    ...(query.provider ? [{ name: "provider" as const, text: `Provider: ${providerLabel(query.provider, own)}` }] : []),
    ...(query.status ? [{ name: "status" as const, text: `Status: ${statuses[query.status].word}` }] : []),
    ...(query.health ? [{ name: "health" as const, text: `Health: ${healthWord(query.health)}` }] : []),
    ...(query.tag ? [{ name: "tag" as const, text: `Tag: ${query.tag}` }] : []),
    ...(query.ownOnly ? [{ name: "ownOnly" as const, text: "Only mine" }] : []),
  ];
}
