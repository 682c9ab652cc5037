import "server-only";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import {
  createStream,
  deleteStream,
  listStreams,
  pauseStream,
  resumeStream,
  type StreamView,
  tryStream,
  updateStream,
} from "@/lib/audit-streams";
import { readSettings } from "@/lib/audit-streams/sinks";
import type { Actor } from "@/lib/authorization/actor";
import { jsonObject } from "@/lib/platform/json-object";
import { Refusal } from "@/lib/platform/refusal";
import { inside, say } from "./context";
import { ExitCode } from "./exit";

interface Options {
  stream: string;
  organization?: string;
  json?: boolean;
}

interface Choices {
  name?: string;
  settings?: string;
  backlogLimit?: string;
  refuseFetches?: boolean;
  force?: boolean;
}

export const streamCommand = (): Command =>
  new Command("stream")
    .description("Receivers outside that the audit log is sent to")
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(editCommand())
    .addCommand(switchCommand("pause", "Stop sending to a receiver.", pauseStream))
    .addCommand(switchCommand("resume", "Go on sending to a receiver, at once.", resumeStream))
    .addCommand(tryCommand())
    .addCommand(removeCommand());

const ORGANIZATION = ["--organization <name>", "needed when there are several organisations"] as const;
const STREAM = ["--stream <name>", "the stream, by name or id"] as const;

const listCommand = () =>
  new Command("list")
    .description("List the receivers, and how far behind each is.")
    .option(...ORGANIZATION)
    .option("--json", "print them as JSON")
    .action(async ({ organization, json }: Options) => {
      const streams = await listStreams(await inside(organization));
      say(json, streams, streams.map(lineOf).join("\n") || "There are none.");
    });

/** What adding and editing have in common. */
const withChoices = (command: Command) =>
  command
    .option("--backlog-limit <events>", "events that may wait before it counts as full")
    .option("--refuse-fetches", "hand out no secret while it is full")
    .option("--force", "store it although the receiver does not take a test batch now")
    .option(...ORGANIZATION)
    .option("--json", "print the stream as JSON");

const addCommand = () =>
  withChoices(
    new Command("add")
      .description("Add a receiver, once it has taken a test batch. Its id is printed.")
      .requiredOption("--name <name>", "unique in the organisation")
      .requiredOption("--settings <file>", "kind, address and secrets as JSON; - reads them from standard input")
      .option("--from <where>", "now, or beginning: with the first event that is stored", "now"),
  ).action(async (options: Options & Choices & { name: string; settings: string; from: string }) => {
    const { name, from, organization, json } = options;
    if (from !== "now" && from !== "beginning") throw new Refusal("invalid", "--from is now or beginning");
    const settings = readSettings(await settingsIn(options.settings));
    const made = await createStream(await inside(organization), { name, settings, from, ...choicesIn(options) });
    say(json, made, made.id);
  });

const editCommand = () =>
  withChoices(
    new Command("edit")
      .description("Change a receiver; what is not named stays.")
      .requiredOption(...STREAM)
      .option("--name <name>", "another name")
      .option("--settings <file>", "settings that are another, as for add; null takes one away")
      .option("--no-refuse-fetches", "hand secrets out while it is full"),
  ).action(async (options: Options & Choices) => {
    const { stream, name, organization, json } = options;
    const actor = await inside(organization);
    const { id } = await streamNamed(actor, stream);
    const settings = options.settings === undefined ? {} : { settings: await settingsIn(options.settings) };
    const changed = await updateStream(actor, id, {
      ...(name !== undefined && { name }),
      ...settings,
      ...choicesIn(options),
    });
    say(json, changed, lineOf(changed));
  });

const switchCommand = (
  name: "pause" | "resume",
  description: string,
  act: (actor: Actor, id: string) => Promise<StreamView>,
) =>
  new Command(name)
    .description(description)
    .requiredOption(...STREAM)
    .option(...ORGANIZATION)
    .option("--json", "print the stream as JSON")
    .action(async ({ stream, organization, json }: Options) => {
      const actor = await inside(organization);
      const switched = await act(actor, (await streamNamed(actor, stream)).id);
      say(json, switched, lineOf(switched));
    });

const tryCommand = () =>
  new Command("try")
    .description("Send an empty batch to a receiver.")
    .requiredOption(...STREAM)
    .option(...ORGANIZATION)
    .option("--json", "print the outcome as JSON")
    .action(async ({ stream, organization, json }: Options) => {
      const actor = await inside(organization);
      const test = await tryStream(actor, (await streamNamed(actor, stream)).id);
      say(json, test, test.outcome === "ok" ? "The receiver took it." : test.message);
      if (test.outcome !== "ok") process.exitCode = ExitCode.refused;
    });

const removeCommand = () =>
  new Command("remove")
    .description("Take a receiver away. What it was not sent yet, it will not get.")
    .requiredOption(...STREAM)
    .option(...ORGANIZATION)
    .option("--json", "print the outcome as JSON")
    .action(async ({ stream, organization, json }: Options) => {
      const actor = await inside(organization);
      const { id } = await streamNamed(actor, stream);
      await deleteStream(actor, id);
      say(json, { id, done: "delete" }, "Done.");
    });

/** Never from the arguments, which every process of the machine may read. */
async function settingsIn(path: string): Promise<Record<string, unknown>> {
  const given = jsonObject(path === "-" ? await text(process.stdin) : await readFile(path, "utf8"));
  if (!given) throw new Refusal("invalid", "The settings are no JSON object: see docs/audit-streams.md");
  return given;
}

function choicesIn({ backlogLimit, refuseFetches, force }: Choices) {
  return {
    ...(backlogLimit !== undefined && { backlogLimit: Number(backlogLimit) }),
    ...(refuseFetches !== undefined && { refuseFetchesWhenFull: refuseFetches }),
    ...(force && { force }),
  };
}

async function streamNamed(actor: Actor, name: string): Promise<StreamView> {
  const found = (await listStreams(actor)).find((one) => one.id === name || one.name === name);
  if (!found) throw new Refusal("not_found", "There is no stream of this name: see audit stream list");
  return found;
}

const lineOf = ({ id, name, kind, enabled, lagEvents, lagSeconds, lastError, full }: StreamView): string =>
  [
    ...[id, name, kind, enabled ? "sending" : "paused", `${lagEvents} events behind`, `${lagSeconds} s`],
    ...(full ? ["full"] : []),
    ...(lastError ? [lastError.message] : []),
  ].join("\t");
