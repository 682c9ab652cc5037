import "server-only";
import { Command, CommanderError } from "commander";
import { shutdown } from "@/lib/platform/readiness";
import { Refusal } from "@/lib/platform/refusal";
import { accessCommand } from "./access";
import { auditCommand } from "./audit";
import { backupCommand, restoreCommand } from "./backup";
import { doctorCommand } from "./doctor";
import { ExitCode, exitCodes } from "./exit";
import { grantCommand } from "./grant";
import { groupCommand } from "./group";
import { importCommand } from "./import";
import { jobsCommand } from "./jobs";
import { keyCommand } from "./key";
import { kindsCommand } from "./kinds";
import { organizationCommand } from "./organization";
import { serviceAccountCommand } from "./service-account";
import { signInCommand } from "./sign-in";
import { tokenCommand } from "./token";
import { userCommand } from "./user";

/** The command line: the operator's way in, beside a running server. Standard output carries results alone. */
const program = new Command("latchkey")
  .description("Look after a Latchkey installation from its own machine.")
  .addHelpText(
    "after",
    `\nExit codes:\n${Object.entries(exitCodes)
      .map(([code, meaning]) => `  ${code}  ${meaning}`)
      .join("\n")}`,
  )
  .addCommand(tokenCommand())
  .addCommand(organizationCommand())
  .addCommand(userCommand())
  .addCommand(serviceAccountCommand())
  .addCommand(groupCommand())
  .addCommand(grantCommand())
  .addCommand(accessCommand())
  .addCommand(signInCommand())
  .addCommand(importCommand())
  .addCommand(auditCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(keyCommand())
  .addCommand(jobsCommand())
  .addCommand(kindsCommand())
  .addCommand(doctorCommand());

// Set on each command: commander does not hand it down to commands that were added.
const everyCommand = (command: Command): Command[] => [command, ...command.commands.flatMap(everyCommand)];
for (const command of everyCommand(program)) command.exitOverride().showHelpAfterError("(see --help)");

let opened = false;
program.hook("preAction", (_, command) => {
  // What only reads files, or works as the owner, has opened nothing; and doctor closes what it opens.
  opened = command.parent?.name() !== "kinds" && !["backup", "restore", "doctor"].includes(command.name());
});

try {
  await program.parseAsync();
} catch (error) {
  // Whoever started us has words for what the system says.
  if (error instanceof Error && "syscall" in error) throw error;
  process.exitCode = codeOf(error);
} finally {
  if (opened) await shutdown({ anchor: false });
}

function codeOf(error: unknown): ExitCode {
  // Commander has said its piece already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  process.stderr.write(`${wordsOf(error)}\n`);
  return ExitCode.refused;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Refusal)) return error instanceof Error ? error.message : "Failed";
  return [error.message, ...error.fields.map((field) => `  ${field.path.join(".")}: ${field.message}`)].join("\n");
}
