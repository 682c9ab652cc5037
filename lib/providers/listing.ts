/// <reference types="next/types/global" />
import type { Category, Group, Method, Provider } from "./define";

/** What lists and the picker need to know of a provider: no fields, which are the bulk of the catalogue. */
export interface Listing extends Omit<Provider, "methods"> {
  group: Group;
  /** Two letters in place of a drawing. */
  monogram?: string;
  methods: Pick<Method, "type" | "label" | "testable" | "testNeeds" | "obtainedBy" | "authorization" | "rotates">[];
}

const GROUPS: Record<Category, Group> = {
  database: "data",
  storage: "files",
  messaging: "work",
  automation: "work",
  human_in_the_loop: "work",
  agent_in_the_loop: "models",
};

/** The same folders as the catalogue's; one that holds many providers lists them in a `listings.ts` of its own. */
const single = import.meta.glob<{ definition: Provider }>("./*/definition.ts", { eager: true });
const several = import.meta.glob<{ listings: Listing[] }>("./*/listings.ts", { eager: true });

const byId: ReadonlyMap<string, Listing> = new Map(
  [
    ...Object.values(single).map(({ definition }) => ({
      ...definition,
      group: definition.group ?? GROUPS[definition.category],
    })),
    ...Object.values(several).flatMap((module) => module.listings),
  ].map((listing) => [listing.id, listing]),
);
const all: readonly Listing[] = [...byId.values()].sort((a, b) => a.label.localeCompare(b.label));

/** Every provider, by label. */
export const listings = (): readonly Listing[] => all;

export const findListing = (id: string): Listing | undefined => byId.get(id);
