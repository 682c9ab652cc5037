import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

// Says when it hears each signal, and finishes its work when a line comes in.
const program = `
  const { untilTold } = await import("./deploy/told.mjs");
  const told = untilTold(0);
  process.stdin.resume();
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => console.log(signal));
  console.log("up");
  await told;
  process.stdin.once("data", () => { console.log("finished"); process.exit(0); });
`;

function start() {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, said: async () => (await lines.next()).value as string | undefined };
}
const codeOf = async (child: ChildProcess) => ((await once(child, "exit")) as [number | null])[0];

test("a stop that is passed on again and again is finished in peace", async () => {
  const { child, said } = start();
  expect(await said()).toBe("up");
  for (let times = 0; times < 3; times++) {
    child.kill("SIGTERM");
    expect(await said()).toBe("SIGTERM");
  }
  const code = codeOf(child);
  child.stdin.write("\n");
  expect(await said()).toBe("finished");
  expect(await code).toBe(0);
});

test("a person who presses Ctrl-C again does not wait", async () => {
  const { child, said } = start();
  expect(await said()).toBe("up");
  const code = codeOf(child);
  child.kill("SIGINT");
  expect(await said()).toBe("SIGINT");
  child.kill("SIGINT");
  expect(await code).toBe(1);
});
