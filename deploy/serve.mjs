// Serves the product until it is told to stop.
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildConsole } from "./build.mjs";
import { openDatabase, refuseIfServed } from "./database.mjs";
import { prepare } from "./prepare.mjs";
import { say, Trouble } from "./say.mjs";
import { untilTold } from "./told.mjs";

/**
 * Everything in this one process, but the console, which has its own so that pages do not slow the API.
 * @param {{ dev?: boolean }} [options] dev: with Next's development server for a console
 */
export async function serve({ dev = false } = {}) {
  const told = untilTold();
  process.env.NODE_ENV = dev ? "development" : "production";
  // The address of a caller comes from our own gateway, which cannot be forged.
  process.env.LATCHKEY_FRONT = "1";
  await refuseIfServed(resolve(process.env.LATCHKEY_DATA || ".latchkey"));
  const product = await prepare({ alone: true });
  const stopping = new AbortController();
  try {
    await introduce(product);
    void keepDatabase(product, stopping.signal);
    const running = await Promise.race([told, startGateway(dev)]);
    if (running) {
      for (const warning of running.warnings) console.log(`  Warning: ${warning}`);
      console.log(`  Open      ${running.url}`);
      tellSetUp(running.setUpUrl);
      if (process.connected) process.send?.("open");
      await told;
      say("Stopping");
      await running.stop();
    }
  } finally {
    stopping.abort();
    await product.database?.leave();
  }
  process.exit(0);
}

async function startGateway(dev) {
  if (!dev) await buildConsole();
  const { serve: listen } = await import("../dist/server.js");
  try {
    return await listen({ dev });
  } catch (error) {
    if (error.code === "EADDRINUSE") throw new Trouble(`Port ${error.port} is taken: set PORT to another`);
    if (["EADDRNOTAVAIL", "EACCES", "ENOTFOUND"].includes(error.code))
      throw new Trouble(`Cannot listen: ${error.message}`);
    // Refusals and plain errors say what to do; anything else is a fault of ours and shows where.
    throw ["Error", "Refusal"].includes(error.constructor.name) ? new Trouble(error.message) : error;
  }
}

async function introduce({ env, key, database }) {
  console.log("Latchkey");
  console.log(`  Data      ${env.LATCHKEY_DATA}`);
  console.log(`  Database  ${database ? `embedded PostgreSQL in ${database.home}` : "the one of DATABASE_URL"}`);
  console.log(`  Key       ${key}`);
  const { unknownSettings } = await import("../dist/env.js");
  for (const { name, meant } of unknownSettings(process.env)) {
    console.log(`  Warning: ${name} is no setting and does nothing${meant ? `; did you mean ${meant}?` : "."}`);
  }
  if (env.LATCHKEY_ALLOW_WEAK_TOKENS) {
    console.log(
      "  Warning: LATCHKEY_ALLOW_WEAK_TOKENS lets API tokens sign in that anybody can guess. For laboratories only.",
    );
  }
  if (key !== join(env.LATCHKEY_DATA, "key")) return;
  console.log(
    "  Warning: the key lies beside the data, so whoever copies that folder can open the vault. Keep the key",
  );
  console.log("  elsewhere (LATCHKEY_KEY_FILE) in production, and back it up apart: without it the data is lost.");
}

function tellSetUp(url) {
  if (url) console.log(`  Set up    ${url}\n            This link makes the first administrator; it works once.`);
}

/** Brings the embedded database back when it dies under us. It comes back on its old port, where the pools look. */
async function keepDatabase(product, stopping) {
  while (product.database) {
    await product.database.lost;
    if (stopping.aborted) return;
    say("The database went away; starting it again");
    try {
      product.database = await openDatabase(product.env.LATCHKEY_DATA, { alone: true, log: say });
    } catch (error) {
      say(error.message);
      await sleep(1_000);
    }
  }
}
