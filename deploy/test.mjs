// npm test: every check there is, from a fresh checkout. The last line says how many passed.
//   npm test -- unit browser   only these steps          npm test -- --faults   the fault experiments instead
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { runFolder } from "./run-folder.mjs";
import { Trouble } from "./say.mjs";
import { watchedRun } from "./watched-run.mjs";
import { wordsOf } from "./words.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const folder = runFolder();
const reports = join(folder.env.TMPDIR, "reports");
mkdirSync(reports);
const MINUTES = 60_000;
/**
 * A tool that says nothing for so long hangs; how long it takes in all depends on the machine and is nobody's fault. The longest
 * test may take ten minutes.
 */
const SILENT_MS = 12 * MINUTES;
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ending.abort());
/** Shown of one failure. */
const LINES = 120;
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/** Each step answers an outcome, or throws, which counts as one failure. */
const steps = {
  types: async () => {
    await tool("types", "next/dist/bin/next", ["typegen"]);
    await tool("types", "typescript/bin/tsc", ["--noEmit"]);
  },
  lint: () =>
    tool("lint", "@biomejs/biome/bin/biome", ["check", ".", "--diagnostic-level=error", "--max-diagnostics=50"]),
  unused: () => tool("unused", "knip/bin/knip.js", ["--config", "deploy/knip.json"]),
  unit: () => vitest("unit", "test/vitest.config.ts"),
  build: async () => (await import("./build.mjs")).buildConsole(),
  browser: () => playwright(),
};
const faults = {
  build: steps.build,
  faults: () => vitest("faults", "bench/vitest.config.ts"),
};

async function vitest(what, config) {
  const { readVitest } = await import("./test-reports.mjs");
  const file = join(reports, `${what}.json`);
  const reporters = ["--reporter=default", "--reporter=json", "--reporter=./deploy/reporters/vitest.mjs"];
  const args = ["run", "--config", config, ...reporters, `--outputFile.json=${file}`];
  const ran = await started(what, "vitest/vitest.mjs", args);
  return {
    ...outcomeOf(ran, file, readVitest),
    // Its own account of the failures shows what was expected and what came; the report does not.
    details: /Failed (Tests|Suites) .*/s.exec(ran.output.replace(ANSI, ""))?.[0],
  };
}

async function playwright() {
  const { readPlaywright } = await import("./test-reports.mjs");
  const file = join(reports, "playwright.json");
  const args = ["test", "-c", "e2e", "--reporter=json,./deploy/reporters/playwright.mjs"];
  return outcomeOf(
    await started("browser", "@playwright/test/cli.js", args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
    file,
    readPlaywright,
  );
}

/** What a run came to. One that was cut keeps what had passed by then, and fails for having been cut. */
function outcomeOf({ cut, output, soFar }, file, read) {
  if (!cut && existsSync(file)) return read(JSON.parse(readFileSync(file, "utf8")));
  const why = cut ? `It ${cut}.` : output || "No report was written";
  return { ...soFar, failures: [...soFar.failures, { name: "the run as a whole", why }] };
}

const started = (what, script, args, env = {}) =>
  watchedRun(what, [join("node_modules", script), ...args], {
    silentMs: SILENT_MS,
    signal: ending.signal,
    env: { ...process.env, ...folder.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", FORCE_COLOR: "0", ...env },
  });

/** For tools that pass or fail as a whole. */
async function tool(what, script, args) {
  const { code, cut, output } = await started(what, script, args);
  if (code !== 0) throw new Trouble(`${script} failed (${cut ?? `exit ${code}`}):\n${output.trim()}`);
}

async function perform(name, step) {
  const began = Date.now();
  const failed = (error) => ({ passed: 0, skipped: 0, failures: [{ name, why: error.message }] });
  const { passed, skipped, failures, details } = await step().then(asOutcome, failed);
  const seconds = ((Date.now() - began) / 1_000).toFixed(1);
  console.log(
    `${name.padEnd(8)} ${passed} passed, ${failures.length} failed${skipped ? `, ${skipped} skipped` : ""} (${seconds} s)`,
  );
  for (const failure of failures) console.log(`  ✗ ${failure.name}${details ? "" : `\n${indented(failure.why)}`}`);
  if (details) console.log(indented(details));
  return { passed, failed: failures.length };
}

const asOutcome = (outcome) => (outcome?.failures ? outcome : { passed: 1, skipped: 0, failures: [] });

/** Without colours, and without places in other people's code. */
function indented(text) {
  const lines = text.replace(ANSI, "").trim().split("\n");
  const ours = lines.filter((line) => !/^\s*(at|❯) .*node_modules/.test(line));
  const shown = ours.length > LINES ? [...ours.slice(0, LINES), `(${ours.length - LINES} more lines)`] : ours;
  return shown.map((line) => `      ${line}`).join("\n");
}

async function prepareTests() {
  await installIfNeeded(process.cwd());
  const { provideTestTools } = await import("./test-tools.mjs");
  await provideTestTools(); // what is missing would be certain failures
  const { buildServer } = await import("./build.mjs");
  await buildServer(); // the types need Prisma's client, the tests the worker
}

const wanted = process.argv.slice(2).filter((argument) => argument !== "--faults");
const chosen = process.argv.includes("--faults") ? faults : steps;
let total = { passed: 0, failed: 0 };
const add = (outcome) => {
  total = { passed: total.passed + outcome.passed, failed: total.failed + outcome.failed };
};
try {
  await prepareTests();
  for (const [name, step] of Object.entries(chosen)) {
    if (ending.signal.aborted) throw new Trouble("Told to end before all steps were done");
    if (wanted.length === 0 || wanted.includes(name)) add(await perform(name, step));
  }
} catch (error) {
  console.log(wordsOf(error));
  add({ passed: 0, failed: 1 });
} finally {
  await folder.remove();
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
