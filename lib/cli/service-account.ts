import "server-only";
import { Command } from "commander";
import { createServiceAccount } from "@/lib/identity/tokens";
import { inside, say } from "./context";

export function serviceAccountCommand(): Command {
  const create = new Command("create")
    .description("Make a service account: a program that may fetch secrets. Its id is printed.")
    .requiredOption("--name <name>", "unique in the organisation")
    .option("--description <text>", "what it is for")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the service account as JSON")
    .action(async (options: { name: string; description?: string; organization?: string; json?: boolean }) => {
      const { name, description } = options;
      const made = await createServiceAccount(await inside(options.organization), { name, description });
      say(options.json, made, made.id);
    });
  return new Command("service-account").description("Service accounts").addCommand(create);
}
