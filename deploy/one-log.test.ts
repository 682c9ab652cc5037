import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { logFormat } from "./log-text.mjs";
import { oneLog } from "./one-log.mjs";

/** All that comes out, once the stream has ended. */
async function written(
  parts: string[],
  { stream = "stderr", level = "info", format = "json" } = {},
): Promise<string[]> {
  const lines: string[] = [];
  const source = new PassThrough();
  const end = oneLog((text) => lines.push(text), { level, format: format as "json" }).read(source, stream as "stderr");
  for (const part of parts) source.write(part);
  source.end();
  await new Promise((ended) => source.once("end", ended));
  end();
  return lines;
}

const PAGE = `⨯ Refusal: The vault cannot reach its storage.
    at x (.next/server/chunks/a.js:21:14545)
    at async q (.next/server/chunks/b.js:28:364) {
  code: 'unavailable',
  digest: '445301857',
  [cause]: Error: password s3cret
      at ignore-listed frames
}
`;

const LINE = `{"level":30,"time":"2026-11-28T01:02:03.000Z","seq":"7","msg":"audit anchor"}\n`;
const INTRODUCED =
  "\u001f  Open      http://x\u001f            It works once.\n\u001f  Warning: a\n\u001f\u001eIt failed: b\n";

test("lines of the log go through as they are, and what people should know is a line of the log as well", async () => {
  const [line, ...told] = await written([LINE, INTRODUCED]);
  expect(line).toBe(LINE);
  expect(told.map((one) => JSON.parse(one))).toEqual([
    { level: 30, time: expect.any(String), msg: "Open http://x It works once." },
    { level: 40, time: expect.any(String), msg: "Warning: a" },
    { level: 50, time: expect.any(String), msg: "It failed: b" },
  ]);
});

test("for people both are text", async () => {
  expect(await written([LINE, INTRODUCED], { format: "text" })).toEqual([
    "01:02:03 info: audit anchor seq=7\n",
    "  Open      http://x\n            It works once.\n",
    "  Warning: a\n",
    "It failed: b\n",
  ]);
});

test("a terminal gets text and a pipe JSON, unless LOG_FORMAT says otherwise", () => {
  expect(logFormat({}, { isTTY: true })).toBe("text");
  expect(logFormat({ LOG_FORMAT: "" }, {})).toBe("json");
  expect(logFormat({ LOG_FORMAT: "json" }, { isTTY: true })).toBe("json");
  expect(logFormat({ LOG_FORMAT: "text" }, {})).toBe("text");
});

test("whatever else is printed becomes one line, in however many pieces it comes, and an error's message is left out", async () => {
  for (const parts of [[PAGE], [...PAGE]]) {
    const lines = await written(parts);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toEqual({
      level: 40,
      time: expect.any(String),
      error: "Refusal unavailable",
      digest: "445301857",
      msg: "an error was printed",
    });
    expect(lines[0]).not.toMatch(/s3cret|storage/);
  }
});

test("nothing of a message of several lines gets through", async () => {
  const lines = await written([
    `${PAGE}PrismaError: \nInvalid call:\n\ns3cret = 1\n⨯ TypeError: s3cret\nmore s3cret\n`,
  ]);
  expect(lines.map((line) => JSON.parse(line).error)).toEqual(["Refusal unavailable", "PrismaError", "TypeError"]);
  expect(lines.join("")).not.toContain("s3cret");
});

test("a crash of Node shows its class and where, never its message", async () => {
  const crash = `file:///x/y.js:3\n    throw new TypeError(text)\n    ^\n\nTypeError [ERR_X]: bad s3cret\n    at y (file:///x/y.js:3:1)\n\nNode.js v20\n`;
  const lines = (await written([crash])).map((line) => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 50, error: "TypeError", at: ["at y (file:///x/y.js:3:1)"] }),
  );
  expect(JSON.stringify(lines)).not.toContain("s3cret");
});

test("text keeps its words, without colours, control characters and passwords of addresses", async () => {
  const [line = ""] = await written(["\u001b[32m✓ Ready\u001b[0m at postgres://a:s3cret@db/x\u0007 and on\n"], {
    stream: "stdout",
  });
  expect(JSON.parse(line)).toMatchObject({ level: 30, msg: "✓ Ready at postgres://db/x and on" });
});

test("of trouble of one kind there is one short line a minute, with how often it was there", () => {
  const lines: string[] = [];
  let now = 0;
  const { tell } = oneLog((text) => lines.push(text), { level: "info", now: () => now });
  for (let times = 0; times < 1_000; times++) tell("warn", "away", { error: "Refusal unavailable", at: ["at x"] });
  tell("warn", "away", { error: "Error other" });
  now = 61_000;
  tell("warn", "away", { error: "Refusal unavailable", at: ["at x"] });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { at: ["at x"] },
    { error: "Error other" },
    { count: 999 },
  ]);
  expect(lines[2]).not.toContain("at x");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
});

test("LOG_LEVEL holds for what others print as well", async () => {
  expect(await written(["hello\n"], { level: "error" })).toEqual([]);
  expect(await written([PAGE], { level: "silent" })).toEqual([]);
});
