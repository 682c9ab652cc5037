import "server-only";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lookBy } from "@/lib/api/http/readiness";
import { Background } from "@/lib/background";
import { traceWhereAsked } from "@/lib/observability";
import { env, programFolder } from "@/lib/platform/env";
import { log, traceOf } from "@/lib/platform/log";
import { holdsAllKeys, ready, shutdown } from "@/lib/platform/readiness";
import { Admission } from "./admission";
import { addressJudge, proxyJudge } from "./client-address";
import { consoleDoor } from "./console-door";
import { sweepSocketFolders } from "./console-folder";
import { ConsoleProcess } from "./console-process";
import { forwardTo } from "./console-proxy";
import { tunnelTo } from "./development-tunnel";
import { firstStart } from "./first-start";
import { gatewayListener } from "./gateway";
import { type HealthCheck, healthRoute, readinessOf } from "./health";
import { Lifecycle } from "./lifecycle";
import { drain, listen } from "./listener";
import { openMetrics } from "./open-metrics";
import { probeRoutes } from "./probes";
import { addressWarnings, hostJudge } from "./public-host";
import { hasRoom, hasSchema, knownMigrations } from "./readiness";
import { apiRoutes } from "./routes";
import { staticFiles } from "./static-files";
import { type StorageWatch, storageWatch } from "./storage-watch";

export interface Running {
  /** The address people and programs use. */
  url: string;
  /** Where the first administrator is made, while there is none. */
  setUpUrl: string | undefined;
  /** What whoever started us should know. */
  warnings: string[];
  /**
   * Says that it is not ready, serves on until load balancers have seen that, finishes what is in flight (at most ten seconds of
   * it), and lets go of everything.
   */
  stop: () => Promise<void>;
}

interface Options {
  dev?: boolean;
  told?: Promise<unknown>;
}

const NEVER = new Promise<never>(() => {});
const CONSOLE_MS = 20_000;
/** What a form with a file may hold beside it is in the console's own bound; this one is above it. */
const UPLOAD = { path: "/import/run", maxBytes: 65 * 1024 * 1024 };

/**
 * Serves the product on one port: the API in this process, the console in another.
 * @param dev with Next's development server for a console
 * @param told settles when it is to end: a console that is not up by then is not waited for
 * @throws Error when a setting, the keys, the database or the port are not as they must be
 */
export async function serve({ dev = false, told = NEVER }: Options = {}): Promise<Running> {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, endUnforeseen);
  const { PORT, HOST, PUBLIC_URL, TRUSTED_PROXIES, DATABASE_POOL, DRAIN_SECONDS } = env();
  const addressOf = addressJudge(TRUSTED_PROXIES, warnOfProxy);
  const hostOf = hostJudge(new URL(PUBLIC_URL), proxyJudge(TRUSTED_PROXIES));
  await ready();
  await sweepSocketFolders();
  const setUpUrl = await firstStart(env());
  const publicUrl = new URL(PUBLIC_URL);
  const program = programFolder();
  const pool = String(Math.ceil(DATABASE_POOL / 2));
  const console = new ConsoleProcess(join(program, "deploy/console.mjs"), dev ? [pool, "--dev"] : [pool]);
  const storage = storageWatch();
  const files = staticFiles(dev ? undefined : join(program, ".next/static"));
  const forward = forwardTo({ console, publicUrl, upload: UPLOAD, files, storage, admission: new Admission() });
  const endTracing = await traceWhereAsked();
  const lifecycle = new Lifecycle();
  const migrations = knownMigrations(join(program, "prisma/migrations"));
  const looks = checks({ console, storage, lifecycle, migrations });
  const readiness = readinessOf(looks);
  const names = looks.map(({ name }) => name);
  const metrics = await openMetrics(env(), { console, checks: names, readiness });
  lookBy(readiness);
  const gateway = gatewayListener({
    routes: apiRoutes(healthRoute(readiness), probeRoutes(readiness, names, lifecycle)),
    addressOf,
    origin: publicUrl.origin,
    toConsole: consoleDoor({ publicUrl, hostOf, forward }),
    watch: metrics.watch,
    metrics: metrics.door,
  });
  const servers = await listen(gateway, PORT, HOST, dev ? tunnelTo(console, publicUrl) : undefined);
  console.start();
  const background = new Background();
  background.start();
  // The API answers already. A console that does not come up is started again for as long as we run.
  await Promise.race([console.answers, sleep(CONSOLE_MS, undefined, { ref: false }), told]);
  // Whoever asks only later is to hear of it, also when something has failed since.
  if ((await readiness()).size === 0) lifecycle.noteReady();
  return {
    url: publicUrl.origin,
    setUpUrl,
    warnings: [...addressWarnings(env()), ...metrics.warnings],
    async stop() {
      lifecycle.drain();
      if (lifecycle.isWatched) await sleep(DRAIN_SECONDS * 1_000);
      await drain(servers);
      for (const server of metrics.servers) server.close().closeAllConnections();
      await console.stop();
      await background.stop();
      await shutdown();
      await endTracing?.();
    },
  };
}

interface Looked {
  console: ConsoleProcess;
  storage: StorageWatch;
  lifecycle: Lifecycle;
  migrations: string[];
}

/** What has to be right before requests should be sent to this instance; each failing one shows in the log. */
const checks = ({ console, storage, lifecycle, migrations }: Looked): HealthCheck[] => [
  { name: "accepting", passes: () => !lifecycle.isDraining },
  { name: "database", passes: storage.check },
  { name: "console", passes: () => console.isWell },
  { name: "key", passes: holdsAllKeys },
  { name: "schema", passes: () => hasSchema(migrations) },
  { name: "disk", passes: () => hasRoom(env().LATCHKEY_DATA) },
];

/** Anybody may send that header, so this is a hint and no proof; it is said once. */
const warnOfProxy = (address: string): void =>
  log.warn(
    "X-Forwarded-For comes from an address that is no trusted proxy. If it is your reverse proxy, set TRUSTED_PROXIES to it: " +
      "until then all its clients count as one, and share the limits of one",
    { address },
  );

/** Node would print the error whole, and its message may hold a secret. Whoever supervises us starts us again. */
function endUnforeseen(error: unknown): void {
  log.error("unforeseen error outside every request", traceOf(error));
  process.exit(1);
}
