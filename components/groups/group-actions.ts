import type { Action } from "@/components/session/action";
import type { GroupView } from "@/lib/access";

export interface GroupEdit {
  name?: string;
  description?: string | null;
  /** Ids of people who come in, and of those who go. */
  add?: string[];
  remove?: string[];
}

/** The writes that the pages hand to the components. */
export interface GroupActions {
  create: Action<{ name: string; description: string }, GroupView>;
  update: Action<{ id: string; change: GroupEdit }, GroupView>;
  remove: Action<{ id: string }, void>;
}
