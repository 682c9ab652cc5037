import "server-only";
import type { IncomingHttpHeaders } from "node:http";
import { guardedFetch } from "../guarded-fetch";
import { guardedSend } from "../guarded-send";
import { Unreachable } from "../unreachable";
import type { Errand, Return } from "./protocol";

/**
 * The process that asks a server outside: one request or one text, and it ends. It knows no key, no database and no other
 * organisation; whoever started it kills it when it takes too long.
 */
async function run({ policy, limits, ...task }: Errand): Promise<Return> {
  try {
    if ("send" in task) {
      await guardedSend(task.send, { policy, limits });
      return { kind: "taken" };
    }
    const { status, headers, body } = await guardedFetch(task.request, { policy, limits });
    return { kind: "answered", status, headers: flat(headers), body: body.toString("base64") };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Unreachable ? error.reason : "no_answer" };
  }
}

const flat = (headers: IncomingHttpHeaders): [string, string][] =>
  Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]);

process.once("message", (errand: Errand) => {
  process.send?.({ kind: "begun" } satisfies Return);
  void run(errand).then((answer) => process.send?.(answer, undefined, undefined, () => process.exit(0)));
});
// The process that asked is gone, so nobody waits for the answer.
process.once("disconnect", () => process.exit(0));
// What a parser throws past its own error handling must not leave a trace on a terminal: it may hold secrets.
process.on("uncaughtException", () => process.exit(1));
