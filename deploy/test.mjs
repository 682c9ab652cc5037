// npm test: every check there is, from a fresh checkout. The last line says how many passed.
//   npm test -- unit browser   only these steps          npm test -- --faults   the fault experiments instead
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installIfNeeded } from "./install.mjs";
import { run, Trouble } from "./say.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), "latchkey-reports-"));
const MINUTES = 60_000;
/** Shown of one failure. */
const LINES = 120;
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

/** Each step answers an outcome, or throws, which counts as one failure. */
const steps = {
  types: async () => {
    await tool("next/dist/bin/next", ["typegen"], 3);
    await tool("typescript/bin/tsc", ["--noEmit"], 5);
  },
  lint: () => tool("@biomejs/biome/bin/biome", ["check", ".", "--diagnostic-level=error", "--max-diagnostics=50"], 2),
  unused: () => tool("knip/bin/knip.js", ["--config", "deploy/knip.json"], 2),
  unit: () => vitest("lib/vitest.config.ts", 20),
  build: async () => (await import("./build.mjs")).buildConsole(),
  browser: () => playwright(25),
};
const faults = {
  build: steps.build,
  faults: () => vitest("bench/vitest.config.ts", 60),
};

async function vitest(config, minutes) {
  const { readVitest } = await import("./test-reports.mjs");
  const file = join(reports, "vitest.json");
  const output = await outputOf(
    tool(
      "vitest/vitest.mjs",
      ["run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      minutes,
    ),
  );
  // Its own account of the failures shows what was expected and what came; the report does not.
  return {
    ...readVitest(reportIn(file, output)),
    details: /Failed (Tests|Suites) .*/s.exec(output.replace(ANSI, ""))?.[0],
  };
}

async function playwright(minutes) {
  const { readPlaywright } = await import("./test-reports.mjs");
  const file = join(reports, "playwright.json");
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const output = await outputOf(
    tool("@playwright/test/cli.js", ["test", "-c", "e2e", "--reporter=json"], minutes, env),
  );
  return readPlaywright(reportIn(file, output));
}

const tool = (script, args, minutes, env = {}) =>
  run(script, process.execPath, [join("node_modules", script), ...args], {
    cwd: process.cwd(),
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", FORCE_COLOR: "0", ...env },
    timeoutMs: minutes * MINUTES,
  });

/** A runner that found failures exits with an error; its report tells more. */
const outputOf = (running) => running.catch((error) => error.message);

function reportIn(file, output) {
  if (!existsSync(file)) throw new Trouble(output || "No report was written");
  return JSON.parse(readFileSync(file, "utf8"));
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
  await provideTestTools();
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
    if (wanted.length === 0 || wanted.includes(name)) add(await perform(name, step));
  }
} catch (error) {
  console.log(error instanceof Trouble ? error.message : error.stack);
  add({ passed: 0, failed: 1 });
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
