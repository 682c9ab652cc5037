// Starts (or joins) the bundled PostgreSQL of one data folder. It outlives a killed parent; the next start joins it.
import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { makePassingFolder } from "./folders.mjs";
import { makePlace, own, placeFor, programsFor } from "./postgres-place.mjs";
import { Trouble } from "./say.mjs";

const START_MS = 60_000;
/** Past this, its log becomes the earlier one, of which one is kept. */
const LOG_BYTES = 8 * 1024 * 1024;
// Loopback only, no parameter values in its log (they can be secrets).
const FLAGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "timezone=UTC",
  "log_parameter_max_length=0",
  "log_parameter_max_length_on_error=0",
];

/**
 * @typedef {object} Server
 * @property {string} url the superuser's address of the database `postgres`
 * @property {number} port
 * @property {boolean} joined it was running already
 * @property {string} home where its files lie
 * @property {() => Promise<void>} stop
 */

/**
 * Starts the cluster of a data folder, making it on the first call, or joins its running server.
 * @param {string} folder the data folder
 * @param {{ settings?: string[] }} [options] more `name=value` settings
 * @returns {Promise<Server>}
 */
export async function startPostgres(folder, { settings = [] } = {}) {
  const place = makePlace(folder);
  if (!existsSync(cluster(place))) createCluster(place, settings);
  keepLogSmall(place.home);
  let child;
  try {
    for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(25)) {
      const running = runningServer(place);
      const url = running?.ready ? urlOf(place, running.port) : undefined;
      if (url && (await answers(url))) {
        return { url, port: running.port, home: place.home, joined: !child, stop: () => stop(place) };
      }
      if (running || (child && child.exitCode === null && child.signalCode === null)) continue;
      // A server that was killed leaves processes behind which must end first: then this one exits, and we try again.
      if (child) await sleep(250);
      child = launch(place, await portFor(place), [...FLAGS, ...settings]);
    }
    throw new Trouble(`The embedded PostgreSQL did not start; see ${logOf(place)}`);
  } catch (error) {
    child?.kill("SIGQUIT"); // to PostgreSQL: end at once, and in order
    throw error;
  }
}

/**
 * Bounds the log of the server whose files lie in `home`, also while it runs: it adds to the end, wherever that is.
 * @param {string} home
 * @param {number} [bytes]
 */
export function keepLogSmall(home, bytes = LOG_BYTES) {
  const log = logOf({ home });
  try {
    if (statSync(log).size <= bytes) return;
    try {
      copyFileSync(log, `${log}.1`);
    } finally {
      truncateSync(log); // a full disk is no reason to keep what fills it
    }
  } catch {
    // There is none yet, or it is not ours: whoever starts the server will be told.
  }
}

/**
 * The superuser's address of the server that is running for a data folder, if one is.
 * @param {string} folder the data folder
 * @returns {string | undefined}
 */
export function runningPostgres(folder) {
  if (!existsSync(folder)) return undefined;
  const place = placeFor(folder);
  const running = runningServer(place);
  return running?.ready ? urlOf(place, running.port) : undefined;
}

/**
 * Stops the server of a data folder if one is running. Open transactions are rolled back.
 * @param {string} folder the data folder
 */
export async function stopPostgres(folder) {
  if (existsSync(folder)) await stop(placeFor(folder));
}

const cluster = ({ home }) => join(home, "cluster");
const filesOf = (place) => join(cluster(place), "data");
const logOf = ({ home }) => join(home, "postgres.log");

function urlOf(place, port) {
  const password = readFileSync(join(cluster(place), "password"), "utf8");
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** Made aside and renamed into place, so that neither a cut-short nor a second start leaves half a cluster. */
function createCluster(place, settings) {
  const aside = makePassingFolder(place.home, "new-");
  const password = join(aside, "password");
  writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
  for (const path of [aside, password]) own(path, place.identity);
  const files = ["-D", join(aside, "data"), "-U", "postgres", "--pwfile", password];
  const kind = ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--data-checksums"];
  // Who does not want its writes to outlast a power cut does not want that of its beginning either.
  if (settings.includes("fsync=off")) kind.push("--no-sync");
  try {
    execFileSync(join(programsFor(place), "initdb"), [...files, ...kind], { ...processOptions(place), stdio: "pipe" });
    renameSync(aside, cluster(place));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (existsSync(cluster(place))) return; // another start was quicker
    if (/No space left on device/.test(error.stderr ?? ""))
      throw new Trouble(`There is no space left for the embedded PostgreSQL in ${place.home}. Make room there.`);
    throw new Trouble(`The embedded PostgreSQL could not be made in ${place.home}: ${error.stderr ?? error.message}`);
  }
}

/** PostgreSQL inherits none of our settings: the vault's key is among them. */
function processOptions({ home, identity }) {
  const kept = ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"].filter((name) => process.env[name] !== undefined);
  return { ...identity, cwd: home, env: Object.fromEntries(kept.map((name) => [name, process.env[name]])) };
}

function launch(place, port, settings) {
  const log = openSync(logOf(place), "a", 0o600);
  const options = settings.flatMap((setting) => ["-c", setting]);
  const child = spawn(join(programsFor(place), "postgres"), ["-D", filesOf(place), "-p", String(port), ...options], {
    ...processOptions(place),
    stdio: ["ignore", log, log],
    // Ctrl-C in the terminal is for us; we stop the database when the last transaction is done.
    detached: true,
  });
  child.on("error", () => {}); // seen as an exit; the deadline reports it
  child.unref();
  closeSync(log);
  return child;
}

/** What postmaster.pid says, if that process is alive. */
function runningServer(place) {
  const file = join(filesOf(place), "postmaster.pid");
  const [pid, , , port, , , , status] = readIfThere(file).split("\n");
  if (!pid) return undefined;
  if (isPostgres(Number(pid))) return { pid: Number(pid), port: Number(port), ready: status?.trim() === "ready" };
  // The number now belongs to another program (containers count from one again): PostgreSQL would take it for a server.
  if (process.platform === "linux" && existsSync(`/proc/${pid}`)) rmSync(file, { force: true });
  return undefined;
}

function isPostgres(pid) {
  if (process.platform === "linux") return readIfThere(`/proc/${pid}/comm`).trim() === "postgres";
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Whether a server lets in whoever has this address, within two seconds. */
export async function answers(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function stop(place) {
  const file = join(filesOf(place), "postmaster.pid");
  const halt = (mode) =>
    promisify(execFile)(
      join(programsFor(place), "pg_ctl"),
      ["stop", "-D", filesOf(place), "-m", mode, "-w", "-t", "10"],
      processOptions(place),
    );
  if (!runningServer(place)) return;
  await halt("fast").catch(() => existsSync(file) && halt("immediate").catch(() => {}));
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The port of the last time if it is free, so that whoever was connected finds a restarted server; else any. */
async function portFor(place) {
  const [, last = "0"] = /"-p" "(\d+)"/.exec(readIfThere(join(filesOf(place), "postmaster.opts"))) ?? [];
  return freePort(Number(last)).catch(() => freePort(0));
}

/** Free now. If another program takes it before PostgreSQL does, the start is tried again. */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
