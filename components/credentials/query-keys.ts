/** What queries about credentials are called, so that a change can have them asked again. */
export const keys = {
  all: ["credentials"],
  lists: ["credentials", "list"],
  facets: ["credentials", "facets"],
  brokenUses: ["credentials", "broken-uses"],
  /** The id of the one that was made in this browser last. */
  justMade: ["just-made-credential"],
  one: (id: string) => ["credentials", "one", id],
};
