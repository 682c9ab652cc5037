/** What queries about credentials are called, so that a change can have them asked again. */
export const keys = {
  all: ["credentials"],
  lists: ["credentials", "list"],
  facets: ["credentials", "facets"],
  brokenUses: ["credentials", "broken-uses"],
  one: (id: string) => ["credentials", "one", id],
};
