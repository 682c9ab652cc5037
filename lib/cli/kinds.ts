import "server-only";
import { Command } from "commander";
import { lintCatalog } from "@/lib/providers/catalog/lint";
import { kindJsonSchema } from "@/lib/providers/catalog/schema";
import { ExitCode } from "./exit";

/** Work on files: needs no database. */
export function kindsCommand(): Command {
  return new Command("kinds")
    .description("Definitions of kinds of credentials")
    .addCommand(lintCommand())
    .addCommand(schemaCommand());
}

const lintCommand = () =>
  new Command("lint")
    .description("Say what is wrong with a definition, or with all of a folder, by file, line, column and field.")
    .argument("<file-or-folder>")
    .action((path: string) => {
      const { kinds, signIns, problems, warnings } = lintCatalog(path);
      for (const { file, line, column, field, message } of problems)
        process.stdout.write(`${file}:${line}:${column}  ${field ? `${field}: ` : ""}${message}\n`);
      for (const warning of warnings) process.stdout.write(`warning  ${warning}\n`);
      const good = kinds.length + signIns.length;
      process.stdout.write(
        `${good} good, ${counted(problems.length, "problem")}, ${counted(warnings.length, "warning")}\n`,
      );
      if (problems.length > 0) process.exitCode = ExitCode.refused;
    });

const schemaCommand = () =>
  new Command("schema").description("Print the form of a definition as JSON Schema, for editors.").action(() => {
    process.stdout.write(`${JSON.stringify(kindJsonSchema(), null, 2)}\n`);
  });

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
