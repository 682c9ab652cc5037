import "server-only";
import { systemLookup } from "@/lib/platform/net/resolve";
import { Refusal } from "@/lib/platform/refusal";
import type { ReadSource } from "../define";
import type { ReadAnswer, ReadJob } from "./protocol";

/** The process in which a source is read. It serves one job and ends; whoever started it kills it when it takes too long. */
const folders = import.meta.glob<{ read: ReadSource }>("../*/source.ts");

async function serve({ source, network, ...input }: ReadJob): Promise<ReadAnswer> {
  const folder = await folders[`../${source}/source.ts`]?.();
  if (!folder) throw new Error("No such source");
  try {
    return { kind: "rows", rows: await folder.read({ ...input, network: { ...network, lookup: systemLookup } }) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "refused", code: error.code, message: error.message, fields: error.fields };
  }
}

process.once("message", (job: ReadJob) => {
  serve(job).then(
    (answer) => process.send?.(answer, undefined, undefined, () => process.exit(0)),
    () => process.exit(1),
  );
});
// The server process is gone, so nobody waits for the answer.
process.once("disconnect", () => process.exit(0));
// What a parser throws past its own error handling must not leave a trace on a terminal: it may hold secrets.
process.on("uncaughtException", () => process.exit(1));
