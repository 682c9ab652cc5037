// The operator's commands one after another, in one process beside a running product: each line read is the words of one as JSON,
// each line written its exit code and what it printed. What they do is the command line's own doing.
import { createInterface } from "node:readline";
import { prepare } from "../../deploy/prepare.mjs";

process.env.NODE_ENV = "production";
const { database } = await prepare();
const write = process.stdout.write.bind(process.stdout);
let out = "";
process.stdout.write = (chunk) => {
  out += chunk;
  return true;
};
let runs = 0;
for await (const line of createInterface({ input: process.stdin })) {
  process.argv = [process.execPath, "latchkey", ...JSON.parse(line)];
  process.exitCode = 0;
  out = "";
  // Under a name of its own it runs again; what it is built on is loaded once.
  await import(`../../dist/cli.js?${runs++}`);
  write(`${JSON.stringify({ code: process.exitCode, out: out.trim() })}\n`);
}
await database?.leave();
process.exit(0);
