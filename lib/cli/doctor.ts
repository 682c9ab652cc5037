import "server-only";
import { join } from "node:path";
import { Command } from "commander";
import { examine, type Finding } from "@/lib/platform/doctor";
import { givenSettings, programFolder } from "@/lib/platform/env";
import { say } from "./context";
import { ExitCode } from "./exit";

/** Needs nothing to be right, and changes nothing. */
export const doctorCommand = () =>
  new Command("doctor")
    .description(
      "Look at everything that this installation needs, and say what to do about what is not right. Changes nothing.",
    )
    .option("--json", "print the findings as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(givenSettings(), join(programFolder(), "prisma/migrations"));
      say(json, findings, findings.map(lineOf).join("\n"));
      if (findings.some(({ status }) => status === "failure")) process.exitCode = ExitCode.refused;
    });

const lineOf = ({ check, status, message }: Finding): string => `${status.padEnd(7)}  ${check.padEnd(11)}  ${message}`;
