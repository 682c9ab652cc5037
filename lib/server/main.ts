import "server-only";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env";
import { log, traceOf } from "@/lib/log";
import { ready, shutdown, startBackground } from "@/lib/ready";
import { addressJudge } from "./client-address";
import { ConsoleProcess } from "./console-process";
import { forwardTo } from "./console-proxy";
import { firstStart } from "./first-start";
import { frontListener } from "./front";
import { drain, listen } from "./listener";
import { apiRoutes } from "./routes";

/**
 * For the development server, which does not run through here: makes sure of the first administrator.
 * @returns where the first administrator is made, while there is none
 */
export async function wayIn(): Promise<string | undefined> {
  try {
    await ready();
    return await firstStart(env());
  } finally {
    await shutdown({ anchor: false });
  }
}

export interface Running {
  /** The address people and programs use. */
  url: string;
  /** Where the first administrator is made, while there is none. */
  setUpUrl: string | undefined;
  /** Finishes what is in flight, at most ten seconds of it, and lets go of everything. */
  stop: () => Promise<void>;
}

const CONSOLE_MS = 20_000;

/**
 * Serves the product on one port, from the repository's root: the API in this process, the console in another.
 * @throws Error when a setting, the keys, the database or the port are not as they must be
 */
export async function serve(): Promise<Running> {
  for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, endUnforeseen);
  const { PORT, HOST, PUBLIC_URL, TRUSTED_PROXIES, DATABASE_POOL } = env();
  const addressOf = addressJudge(TRUSTED_PROXIES);
  await ready();
  const setUpUrl = await firstStart(env());
  const publicUrl = new URL(PUBLIC_URL);
  const console = new ConsoleProcess(resolve("deploy/console.mjs"), String(Math.ceil(DATABASE_POOL / 2)));
  const toConsole = forwardTo(console, publicUrl);
  const front = frontListener({ routes: apiRoutes(), addressOf, origin: publicUrl.origin, toConsole });
  const servers = await listen(front, PORT, HOST);
  console.start();
  startBackground();
  // The API answers already. A console that does not come up is started again for as long as we run.
  await Promise.race([console.answers, sleep(CONSOLE_MS, undefined, { ref: false })]);
  return {
    url: publicUrl.origin,
    setUpUrl,
    async stop() {
      await drain(servers);
      await console.stop();
      await shutdown();
    },
  };
}

/** Node would print the error whole, and its message may hold a secret. Whoever supervises us starts us again. */
function endUnforeseen(error: unknown): void {
  log.error("unforeseen error outside every request", traceOf(error));
  process.exit(1);
}
