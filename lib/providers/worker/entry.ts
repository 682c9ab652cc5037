import "server-only";
import { systemLookup } from "@/lib/platform/net/resolve";
import { type Connection, type Operation, rotationActs, type TestNetwork } from "../define-connection";
import { isOfNetwork, type StepId } from "../report";
import { TestRun } from "../test-run";
import type { Answer, Job, TestSettings } from "./protocol";

/**
 * The process in which connection tests run. It serves one job and ends: nothing of one organisation is left in memory
 * for the next. Whoever started it kills it when it takes too long.
 */
const folders = import.meta.glob<{ connection: Connection }>("../*/connection.ts");
const ofKinds = () => import("../catalog/kind-connection");

/**
 * The folder of a provider is its id in kebab case; a kind comes with its definition. Loaded alone: drivers and definitions
 * of all others cost a multiple of what most tests do.
 */
async function connectionOf(job: Job): Promise<Connection | undefined> {
  const own = await folders[`../${job.provider.replaceAll("_", "-")}/connection.ts`]?.();
  if (own) return own.connection;
  return job.kind === "test" && job.definition ? (await ofKinds()).connectionOf(job.definition) : undefined;
}

/** Who waits so long for a job is not in a hurry, and is ready for any when one comes. */
const READY_MS = 1_500;
const idle = setTimeout(() => void Promise.all([...Object.values(folders), ofKinds].map((load) => load())), READY_MS);

async function serve(job: Job): Promise<Answer> {
  const connection = await connectionOf(job);
  if (!connection) throw new Error("No such connection");
  if (job.kind === "check") return { kind: "problems", problems: connection.checkDeep?.(job.data) ?? [] };
  const act = job.kind === "act" ? actOf(connection, job.act) : undefined;
  if (job.kind === "act" && !act) throw new Error("No such act");
  const clock = new NetworkClock(job.settings.totalMs);
  const testRun = new TestRun(act?.plan ?? connection.plan, {
    signal: clock.signal,
    onBegin: (step) => {
      clock.begin(step);
      tell({ kind: "begin", step });
    },
    onStep: (step) => tell({ kind: "step", step }),
  });
  testRun.doubts = job.doubts;
  const network = networkOf(job.settings);
  // A step that failed is in the test run; what it threw has done its work by getting here.
  const found =
    job.kind === "act"
      ? await act?.run({ data: job.data, extra: job.extra }, testRun, network).catch(() => undefined)
      : await connection.test(job.data, testRun, network).catch(() => undefined);
  return { kind: "report", report: testRun.report(), ...(found && { found }) };
}

/** The other side's time runs from the first step that waits for it: opening a key may have taken long before that. */
class NetworkClock {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal = this.controller.signal;

  constructor(private readonly totalMs: number) {}

  begin(step: StepId): void {
    if (isOfNetwork(step)) this.timer ??= setTimeout(() => this.controller.abort(), this.totalMs);
  }
}

function actOf({ rotation, operations }: Connection, name: string): Operation | undefined {
  const step = rotationActs.find((one) => one === name);
  return step ? rotation?.[step] : operations?.[name];
}

const networkOf = (settings: TestSettings): TestNetwork => ({
  policy: settings.policy,
  lookup: systemLookup,
  connectTimeoutMs: settings.connectMs,
  maxInboundBytes: settings.maxInboundBytes,
  sshLegacyAlgorithms: settings.sshLegacyAlgorithms,
  apis: settings.apis,
  ...(settings.awsEndpoint && { awsEndpoint: settings.awsEndpoint }),
});

const tell = (answer: Answer, then?: () => void) => process.send?.(answer, undefined, undefined, then);

process.once("message", (job: Job) => {
  clearTimeout(idle);
  serve(job).then(
    (answer) => tell(answer, () => process.exit(0)),
    () => process.exit(1),
  );
});
// The server process is gone, so nobody waits for the answer.
process.once("disconnect", () => process.exit(0));
// What a driver throws past its own error handling must not leave a trace on a terminal: it may hold secrets.
process.on("uncaughtException", () => process.exit(1));
