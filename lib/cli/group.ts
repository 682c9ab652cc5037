import "server-only";
import { Command } from "commander";
import { createGroup, deleteGroup, type GroupView, listGroups, updateGroup } from "@/lib/access";
import { inside, say } from "./context";
import { groupNamed, personNamed } from "./subject";

interface Options {
  group: string;
  user: string[];
  organization?: string;
  json?: boolean;
}

export const groupCommand = (): Command =>
  new Command("group")
    .description("Groups of people, to whom something is granted together")
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(membersCommand("add", "Take people into a group; what is granted to it holds for them from then on."))
    .addCommand(membersCommand("remove", "Take people out of a group."))
    .addCommand(deleteCommand());

const listCommand = () =>
  new Command("list")
    .description("List the groups.")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print them as JSON")
    .action(async ({ organization, json }: Options) => {
      const groups = await listGroups(await inside(organization));
      say(json, groups, groups.map(lineOf).join("\n") || "There are none.");
    });

const createCommand = () =>
  new Command("create")
    .description("Make a group. Its id is printed.")
    .requiredOption("--name <name>", "unique in the organisation")
    .option("--description <text>", "who is in it")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the group as JSON")
    .action(async (options: { name: string; description?: string; organization?: string; json?: boolean }) => {
      const { organization, json, ...group } = options;
      const made = await createGroup(await inside(organization), group);
      say(json, made, made.id);
    });

const membersCommand = (name: "add" | "remove", description: string) =>
  new Command(name)
    .description(`${description} How many are in it is printed.`)
    .requiredOption("--group <name>", "the group, by name or id")
    .requiredOption("--user <email...>", "the people, by e-mail address or id")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the group as JSON")
    .action(async ({ group, user, organization, json }: Options) => {
      const actor = await inside(organization);
      const people: string[] = [];
      for (const one of user) people.push(await personNamed(actor, one));
      const changed = await updateGroup(actor, await groupNamed(actor, group), { [name]: people });
      say(json, changed, String(changed.members));
    });

const deleteCommand = () =>
  new Command("delete")
    .description("Delete a group; what was granted to it ends.")
    .requiredOption("--group <name>", "the group, by name or id")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the outcome as JSON")
    .action(async ({ group, organization, json }: Options) => {
      const actor = await inside(organization);
      const id = await groupNamed(actor, group);
      await deleteGroup(actor, id);
      say(json, { id, done: "delete" }, "Done.");
    });

const lineOf = ({ id, name, members }: GroupView): string => [id, name, `${members} members`].join("\t");
