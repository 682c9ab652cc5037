import { Bot, type LucideIcon, UserRound, UsersRound } from "lucide-react";
import type { Reach, Right, SubjectKind } from "@/lib/vocabulary/access";

export const rightLabels: Record<Right, string> = { see: "See", use: "Use", edit: "Edit", manage: "Manage" };

/** What each of them means, for whoever chooses. People never get a secret, whatever they may use. */
export const rightMeaning: Record<Right, string> = {
  see: "Look at its settings, tests and history, without any secret",
  use: "Programs fetch its secrets; people test it and work with it, without seeing any",
  edit: "Put other values in place of the stored ones, test and rotate it, without reading any secret",
  manage: "Edit and delete it, and say who else may do what with it",
};

export const subjectLabels: Record<SubjectKind, string> = {
  service_account: "Program",
  group: "Group",
  user: "Person",
};

export const subjectIcons: Record<SubjectKind, LucideIcon> = {
  service_account: Bot,
  group: UsersRound,
  user: UserRound,
};

/** Over what somebody has a grant, after "by" or "over". */
export function reachWords({ reach, reachName }: Pick<Reach, "reach"> & { reachName: string }): string {
  if (reach === "all") return "Every credential";
  if (reach === "tag") return `Every credential tagged “${reachName}”`;
  if (reach === "kind") return `Every credential for ${reachName}`;
  return reachName;
}

/** What is worth saying of rights: those that bring others along stand for these. */
export const wordOfRights = (held: readonly Right[]): Right[] => {
  const told = held.includes("manage") ? held.filter((right) => right !== "edit") : [...held];
  return told.length > 1 ? told.filter((right) => right !== "see") : told;
};

/** So many credentials. */
export const credentialsInWords = (count: number): string => (count === 1 ? "one credential" : `${count} credentials`);
