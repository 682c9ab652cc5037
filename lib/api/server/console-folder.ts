import "server-only";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "latchkey-console-";

/** A folder for sockets that only this user can enter. Its name says which process made it. */
export const makeSocketFolder = (root = tmpdir()): string => mkdtempSync(join(root, `${PREFIX}${process.pid}-`));

/**
 * Removes what processes of ours that were killed left behind: folders of this user whose maker is gone and on whose
 * sockets nobody listens. The second question is for containers, which share folders and not process numbers.
 */
export async function sweepSocketFolders(root = tmpdir()): Promise<void> {
  const ours = readdirSync(root).filter((name) => name.startsWith(PREFIX));
  await Promise.all(ours.map((name) => sweep(join(root, name), Number(name.slice(PREFIX.length).split("-")[0]))));
}

async function sweep(folder: string, maker: number): Promise<void> {
  try {
    if (statSync(folder).uid !== process.getuid?.() || isAlive(maker)) return;
    const listening = await Promise.all(readdirSync(folder).map((name) => isListenedOn(join(folder, name))));
    if (!listening.includes(true)) rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another start was quicker, or it is not ours to look into.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isListenedOn(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once("connect", () => resolve(true));
    probe.once("error", () => resolve(false));
    probe.once("close", () => probe.destroy());
    probe.setTimeout(1_000, () => probe.destroy(new Error("silent")));
    probe.once("connect", () => probe.destroy());
  });
}
