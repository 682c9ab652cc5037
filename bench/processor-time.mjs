// Processor time of a product, apart for Node and for PostgreSQL: what a request costs whoever else works on the machine.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Linux counts in hundredths of a second for every program. */
const TICKS = 100;

/**
 * @param {{ pid: number, folder: string }} product on the embedded database
 * @returns {{ node: number, postgres: number }} seconds so far, those of ended children included
 */
export function processorTime({ pid, folder }) {
  const all = processes();
  const postmaster = Number(readFileSync(join(folder, "postgres/cluster/data/postmaster.pid"), "utf8").split("\n")[0]);
  const ofPostgres = within(all, postmaster);
  const ofNode = within(all, pid).filter((one) => !ofPostgres.includes(one));
  const sum = (ones) => ones.reduce((seconds, one) => seconds + one.seconds, 0);
  return { node: sum(ofNode), postgres: sum(ofPostgres) };
}

function processes() {
  const found = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The program's name stands in parentheses and may hold anything.
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      const ticks = [11, 12, 13, 14].reduce((all, at) => all + Number(fields[at]), 0);
      found.set(Number(name), { parent: Number(fields[1]), seconds: ticks / TICKS });
    } catch {
      // It has ended since it was listed.
    }
  }
  return found;
}

function within(all, pid) {
  const children = [...all].filter(([, { parent }]) => parent === pid).map(([child]) => child);
  const own = all.get(pid);
  return [...(own ? [own] : []), ...children.flatMap((child) => within(all, child))];
}
