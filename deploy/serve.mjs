// Serves the product until it is told to stop.
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildConsole } from "./build.mjs";
import { openDatabase, refuseIfServed } from "./database.mjs";
import { keepLogSmall } from "./embedded-postgres.mjs";
import { prepare } from "./prepare.mjs";
import { announce, Stopped, Trouble } from "./say.mjs";
import { isOfFiles, wordsOf } from "./words.mjs";

const LOG_LOOK_MS = 60_000;
/** What a start does before it looks whether it was told to end, on a busy machine. */
const EARLY_MS = 15_000;

/**
 * Everything in this one process, but the console, which has its own so that pages do not slow the API. What people should
 * know is said until it is open; from then on, what it prints is for the log.
 * @param {{ dev?: boolean, told: Promise<unknown> }} options dev: with Next's development server for a console; told: settles
 * when it is to end
 * @throws Stopped when it is told to before anything was begun
 */
export async function serve({ dev = false, told }) {
  process.env.NODE_ENV = dev ? "development" : "production";
  // The address of a caller comes from our own gateway, which cannot be forged.
  process.env.LATCHKEY_FRONT = "1";
  await refuseIfServed(resolve(process.env.LATCHKEY_DATA || ".latchkey"));
  const stopped = told.then(() => Promise.reject(new Stopped()));
  stopped.catch(() => {});
  const product = await prepare({ alone: true, stopped });
  const stopping = new AbortController();
  try {
    await introduce(product);
    void keepDatabase(product, stopping.signal);
    if (product.database) setInterval(() => keepLogSmall(product.database.home), LOG_LOOK_MS).unref();
    const starting = startGateway({ dev, told, stopped });
    const running = await Promise.race([told, starting]);
    if (!running) await endEarly(starting);
    else {
      for (const warning of running.warnings) announce(`  Warning: ${warning}`);
      announce(`  Open      ${running.url}`);
      tellSetUp(running.setUpUrl);
      process.send?.("open", () => {});
      await told;
      console.log("Stopping");
      await running.stop();
    }
  } finally {
    stopping.abort();
    await product.database?.leave();
  }
}

/** Told to end while it was starting: what there is by now ends in order, and what is not there yet is not waited for. */
async function endEarly(starting) {
  const ended = starting.then((late) => late.stop()).catch(() => {});
  await Promise.race([ended, sleep(EARLY_MS)]);
}

async function startGateway({ dev, told, stopped }) {
  if (!dev) await Promise.race([buildConsole(), stopped]);
  const { serve: listen } = await import("../dist/server.js");
  try {
    return await listen({ dev, told });
  } catch (error) {
    if (error.code === "EADDRINUSE")
      throw new Trouble(`Port ${error.port} is taken: set ${portSetting(error.port)} to another`);
    if (["EADDRNOTAVAIL", "EACCES", "ENOTFOUND"].includes(error.code) && !isOfFiles(error))
      throw new Trouble(`Cannot listen: ${error.message}`);
    throw error;
  }
}

const portSetting = (port) => (String(port) === process.env.METRICS_PORT?.trim() ? "METRICS_PORT" : "PORT");

async function introduce({ env, key, database }) {
  announce("Latchkey");
  announce(`  Data      ${env.LATCHKEY_DATA}`);
  announce(`  Database  ${database ? `embedded PostgreSQL in ${database.home}` : "the one of DATABASE_URL"}`);
  announce(`  Key       ${key}`);
  const { unknownSettings } = await import("../dist/env.js");
  for (const { name, meant } of unknownSettings(process.env)) {
    announce(`  Warning: ${name} is no setting and does nothing${meant ? `; did you mean ${meant}?` : "."}`);
  }
  if (env.LATCHKEY_ALLOW_WEAK_TOKENS) {
    announce(
      "  Warning: LATCHKEY_ALLOW_WEAK_TOKENS lets API tokens sign in that anybody can guess. For laboratories only.",
    );
  }
  if (key !== join(env.LATCHKEY_DATA, "key")) return;
  announce("  Warning: the key lies beside the data, so whoever copies that folder can open the vault. Keep the key");
  announce("  elsewhere (LATCHKEY_KEY_FILE) in production, and back it up apart: without it the data is lost.");
}

function tellSetUp(url) {
  if (url) announce(`  Set up    ${url}\n            This link makes the first administrator; it works once.`);
}

/** Brings the embedded database back when it dies under us. It comes back on its old port, where the pools look. */
async function keepDatabase(product, stopping) {
  while (product.database) {
    await product.database.lost;
    if (stopping.aborted) return;
    console.warn("The database went away; starting it again");
    try {
      product.database = await openDatabase(product.env.LATCHKEY_DATA, { alone: true, log: console.log });
    } catch (error) {
      console.warn(wordsOf(error));
      await sleep(1_000);
    }
  }
}
