// A folder for all that one run of the tests leaves about, and the end of every process that was started with it.
import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { makePassingFolder } from "./folders.mjs";

/**
 * @returns {{ env: Record<string, string>, remove: () => Promise<void> }} env: for what is started, so that its temporary files and
 * its processes are known by it; remove: ends those and deletes these
 */
export function runFolder() {
  const folder = makePassingFolder(tmpdir(), "latchkey-run-");
  chmodSync(folder, 0o711); // started by root, PostgreSQL's own user must get through
  return {
    env: { TMPDIR: folder },
    async remove() {
      for (const signal of ["SIGTERM", "SIGKILL"]) {
        if (!signalAll(folder, signal)) break;
        await sleep(500);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Servers outlive a runner that is killed: they are in groups of their own. True when there were any. */
function signalAll(folder, signal) {
  const mark = `TMPDIR=${folder}`;
  const found = processes().filter(
    (pid) =>
      pid !== process.pid &&
      environmentOf(pid)
        .split("\0")
        .some((line) => line === mark || line.startsWith(`${mark}/`)),
  );
  for (const pid of found) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found.length > 0;
}

/** Where the system shows its processes as files; elsewhere the groups have to do. */
function processes() {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
