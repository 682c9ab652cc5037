import "server-only";
import { Command, Option } from "commander";
import { createUser } from "@/lib/identity";
import { type UserRole, userRoles } from "@/lib/vocabulary/permissions";
import { inside, say } from "./context";

interface Options {
  email: string;
  role: UserRole;
  name?: string;
  password?: string;
  organization?: string;
  json?: boolean;
}

export function userCommand(): Command {
  const create = new Command("create")
    .description("Make a person. Their id is printed. Without a password they cannot sign in, but may own API tokens.")
    .requiredOption("--email <email>", "unique in the organisation")
    .addOption(new Option("--role <role>", "what they may do").choices(userRoles).makeOptionMandatory())
    .option("--name <name>", "how they are shown")
    .option("--password <password>", "12 to 256 characters")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the person as JSON")
    .action(async ({ organization, json, ...person }: Options) => {
      const made = await createUser(await inside(organization), person);
      say(json, made, made.id);
    });
  return new Command("user").description("People").addCommand(create);
}
