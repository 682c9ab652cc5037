import "server-only";
import { Command } from "commander";
import { createServiceAccount } from "@/lib/identity/tokens";
import { inside, say } from "./context";

export function serviceAccountCommand(): Command {
  const create = new Command("create")
    .description("Make a service account: a program that may fetch what it is granted. Its id is printed.")
    .requiredOption("--name <name>", "unique in the organisation")
    .option("--description <text>", "what it is for")
    .option("--organization <name>", "needed when there are several organisations")
    .option("--json", "print the service account as JSON")
    .action(async (options: { name: string; description?: string; organization?: string; json?: boolean }) => {
      const { name, description } = options;
      const made = await createServiceAccount(await inside(options.organization), { name, description });
      say(options.json, made, made.id);
      process.stderr.write(`${reachesNothing(made.name)}\n`);
    });
  return new Command("service-account").description("Service accounts").addCommand(create);
}

/** Standard output has the id alone. */
const reachesNothing = (name: string): string =>
  `It reaches nothing yet. To let it fetch: grant add --service-account ${quoted(name)} --credential ID --right use (or --tag, --kind, --everything)`;

/** As a shell takes it. */
const quoted = (name: string): string => (/^[\w.@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);
