import "server-only";
import { Command, InvalidArgumentError } from "commander";
import { createOrganization, listOrganizations, organizationNamed, updateOrganization } from "@/lib/organizations";
import { platform, say } from "./context";

export function organizationCommand(): Command {
  const create = new Command("create")
    .description("Make an organisation. Its id is printed.")
    .requiredOption("--name <name>", "unique on this installation")
    .option("--json", "print the organisation as JSON")
    .action(async ({ name, json }: { name: string; json?: boolean }) => {
      const made = await createOrganization(await platform(), { name });
      say(json, made, made.id);
    });
  const list = new Command("list")
    .description("List the organisations.")
    .option("--json", "print them as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const all = await listOrganizations(await platform(), { limit: 1000 });
      say(json, all, all.map(({ id, name }) => `${id}  ${name}`).join("\n"));
    });
  const limits = new Command("limits")
    .description("Raise or lower how many credentials an organisation may have.")
    .requiredOption("--name <name>", "the organisation")
    .option("--per-provider <count>", "credentials of one provider (50 to begin with)", count)
    .option("--per-user <count>", "credentials of one person (100 to begin with)", count)
    .option("--json", "print the organisation as JSON")
    .action(async (options: { name: string; perProvider?: number; perUser?: number; json?: boolean }) => {
      const actor = await platform();
      const { id } = await organizationNamed(actor, options.name);
      const changed = await updateOrganization(actor, id, {
        maxPerProvider: options.perProvider,
        maxPerUser: options.perUser,
      });
      say(options.json, changed, `${changed.maxPerProvider} per provider, ${changed.maxPerUser} per person`);
    });
  return new Command("organization")
    .description("Organisations")
    .addCommand(create)
    .addCommand(list)
    .addCommand(limits);
}

function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("Use a whole number from 1 to 9999999.");
  return Number(text);
}
