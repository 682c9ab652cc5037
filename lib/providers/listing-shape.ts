import type { SignInView } from "./authorization";
import type { Category, Group, Method, Provider } from "./define";

/** What lists and the picker need to know of a provider: no fields, which are the bulk of the catalogue. */
export interface Listing extends Omit<Provider, "methods"> {
  group: Group;
  /** Two letters in place of a drawing. */
  monogram?: string;
  methods: (Pick<Method, "type" | "label" | "testable" | "testNeeds" | "obtainedBy" | "rotates"> & {
    authorization?: SignInView;
  })[];
}

/** The drawer of a provider with code of its own, where it names none. */
export const GROUP_OF: Record<Category, Group> = {
  database: "data",
  storage: "files",
  messaging: "work",
  automation: "work",
  human_in_the_loop: "work",
  agent_in_the_loop: "models",
};

/** What a kind of the catalogue is for, by its drawer. */
export const CATEGORY_OF: Record<Group, Category> = {
  models: "agent_in_the_loop",
  data: "database",
  files: "storage",
  search: "automation",
  work: "automation",
  observe: "automation",
  generic: "automation",
};
