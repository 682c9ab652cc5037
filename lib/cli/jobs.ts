import "server-only";
import { Command } from "commander";
import { type DeadLetter, deadLetters, putAway, queueStates, resend } from "@/lib/platform/jobs/states";
import { Refusal } from "@/lib/platform/refusal";
import { platform, say } from "./context";

export const jobsCommand = () =>
  new Command("jobs")
    .description("The work that is done in the background")
    .addCommand(listCommand())
    .addCommand(deadCommand())
    .addCommand(onOne("retry", "Send the job of a dead letter again, once what stood in its way is mended.", resend))
    .addCommand(onOne("dismiss", "Put a dead letter away.", putAway));

const listCommand = () =>
  new Command("list")
    .description("Show for each kind of job how many wait, run and failed for good, and when one last went well.")
    .option("--json", "print it as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      await platform();
      const states = await queueStates();
      const words = states.map(({ queue, waiting, retrying, running, lateSeconds, lastDoneAt, deadLetters: dead }) =>
        [
          queue.padEnd(11),
          `${waiting} waiting (${retrying} of them failed before, ${lateSeconds} s late)`,
          `${running} running`,
          `last done ${lastDoneAt?.toISOString() ?? "over an hour ago"}`,
          `${dead} dead`,
        ].join("  "),
      );
      say(json, states, words.join("\n"));
    });

const deadCommand = () =>
  new Command("dead")
    .description(
      "Show the newest hundred jobs that failed for the last time. What is not dismissed goes after two weeks.",
    )
    .option("--json", "print them as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      await platform();
      const letters = await deadLetters();
      say(json, letters, letters.length > 0 ? letters.map(lineOf).join("\n") : "There are none.");
    });

const lineOf = ({ id, job, failedAt, error }: DeadLetter) =>
  [id, job.queue, failedAt.toISOString(), ...(job.orgId ? [`organisation ${job.orgId}`] : []), error].join("  ");

const onOne = (name: string, description: string, work: (id: string) => Promise<boolean>) =>
  new Command(name)
    .description(description)
    .argument("<id>", "as jobs dead shows it")
    .option("--json", "print the outcome as JSON")
    .action(async (id: string, { json }: { json?: boolean }) => {
      await platform();
      if (!(await work(id))) throw new Refusal("not_found", "There is no such dead letter: see jobs dead");
      say(json, { id, done: name }, "Done.");
    });
