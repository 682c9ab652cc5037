import "server-only";
import { type FileHandle, open, stat } from "node:fs/promises";
import { Command } from "commander";
import { FILE_MAX_BYTES, type SourceDefinition, sources, startImport } from "@/lib/importers";
import { Refusal } from "@/lib/platform/refusal";
import { type ImportReport, outcomeWord, type ReportRow } from "@/lib/vocabulary/import-report";
import { inside, say } from "./context";
import { ExitCode } from "./exit";
import { type TestedRow, testAll } from "./test-imported";

/** One command for each source, made from its definition. */
export function importCommand(): Command {
  const command = new Command("import").description(
    "Take over the credentials of another system. Ids, names and dates stay; what is here already is left alone, so it may be run again.",
  );
  for (const source of sources) command.addCommand(sourceCommand(source));
  return command;
}

interface Options {
  key?: string;
  organization?: string;
  dryRun?: boolean;
  test?: boolean;
  json?: boolean;
  [option: string]: string | boolean | undefined;
}

function sourceCommand({ id, label, description, steps, file, address, key, part }: SourceDefinition): Command {
  const content = address ? `<file|url>` : "<file>";
  const command = new Command(id)
    .description(`${label}: ${description}`)
    .requiredOption(`--${file.option} ${content}`, address ? `${file.label}, or ${address.label}` : file.label);
  if (key?.optional) command.option("--key <file>", `${key.help} A file that holds it.`);
  else if (key)
    command.requiredOption(
      "--key <file|value>",
      `${key.help} A file that holds it is safer: others on this machine see a command's words.`,
    );
  if (part) command.option(`--${part.option} <${part.option}>`, part.help);
  return command
    .option("--organization <name>", "needed when there are several organisations")
    .option("--dry-run", "say what would happen to each row, and change nothing")
    .option("--test", "afterwards test each that came in and can be tested, against its real system")
    .option("--json", "print the report as JSON")
    .addHelpText("after", `\nBefore:\n${steps.map((step, at) => `  ${at + 1}. ${step}`).join("\n")}`)
    .action(async (options: Options) => {
      const given = String(options[file.option] ?? "");
      const isAddress = address !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
      const actor = await inside(options.organization);
      const { run, leave } = await startImport(actor);
      try {
        const content = isAddress ? { address: given } : { bytes: await readFile(given, FILE_MAX_BYTES) };
        const secret = options.key === undefined ? undefined : await keyFrom(options.key, key?.optional === true);
        const chosen = part && options[part.option];
        const request = { source: id, content, key: secret, part: chosen ? String(chosen) : undefined };
        const onProgress = ({ done, total }: { done: number; total: number }) =>
          process.stderr.write(`${done} of ${total}\n`);
        const done = await run({ ...request, dryRun: options.dryRun ?? false }, { byOperator: true, onProgress });
        report(options, done, options.test && !done.dryRun ? await testAll(actor, done.rows) : new Map());
      } finally {
        leave();
      }
    });
}

/** @throws Refusal "invalid" when there is no such file, "too_large" past the limit */
async function readFile(path: string, maxBytes: number): Promise<Buffer> {
  await refuseOpenJournal(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const facts = await handle.stat();
    if (facts.size > maxBytes) throw new Refusal("too_large", `The file is larger than ${maxBytes / 1024 / 1024} MiB`);
    if (facts.isFile()) return await handle.readFile();
  } catch (error) {
    if (error instanceof Refusal) throw error;
  } finally {
    await handle?.close();
  }
  throw new Refusal("invalid", "There is no file of this name that can be read");
}

/** What a running SQLite has not moved into the file yet would be missing without a word. */
async function refuseOpenJournal(path: string): Promise<void> {
  const journal = await stat(`${path}-wal`).catch(() => undefined);
  if (!journal || journal.size === 0) return;
  throw new Refusal(
    "conflict",
    "Beside the file lies another one with changes that are not in it yet (…-wal). Stop the system that uses it, and import again",
  );
}

const KEY_MAX_BYTES = 4_096;

/**
 * The content of the file of this name, or, unless it must be a file, the words themselves. One line end behind it is none
 * of the key.
 */
async function keyFrom(given: string, fileOnly: boolean): Promise<string> {
  const isFile =
    fileOnly ||
    (await stat(given).then(
      (facts) => facts.isFile(),
      () => false,
    ));
  const text = isFile ? (await readFile(given, KEY_MAX_BYTES)).toString("utf8") : given;
  return text.replace(/\r?\n$/, "");
}

function report(
  { json, test }: Options,
  { rows, counts, dryRun, ...rest }: ImportReport,
  tests: ReadonlyMap<ReportRow, TestedRow>,
): void {
  const lines = rows.map((row) => {
    const { outcome, sourceId, kind, name, notes, next } = row;
    const tested = tests.get(row);
    return [
      outcomeWord(outcome, dryRun),
      ...[sourceId, kind, name, ...notes, `Next: ${next}`],
      ...(tested ? [`Test: ${tested.outcome}${tested.reason ? ` (${tested.reason})` : ""}`] : []),
    ].join("\t");
  });
  const sums = Object.entries(counts).filter(([, count]) => count > 0);
  const worked = [...tests.values()].filter(({ outcome }) => outcome === "ok").length;
  const tested = test && !dryRun ? [`${tests.size} tested, ${worked} work`] : [];
  say(
    json,
    { ...rest, dryRun, counts, rows: rows.map((row) => ({ ...row, ...(tests.has(row) && { test: tests.get(row) }) })) },
    [...lines, sums.map(([outcome, count]) => `${count} ${outcome}`).join(", ") || "nothing found", ...tested].join(
      "\n",
    ),
  );
  const left = counts.undecryptable + counts.unacceptable + counts.over_limit;
  if (left > 0) process.exitCode = left === rows.length ? ExitCode.refused : ExitCode.partly;
}
