import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Starts a server that Debian packages, as somebody where it may not be root, and waits until it takes connections. */
export async function startDebian(
  { package: name, path }: { package: string; path: string },
  args: string[],
  port: number,
  env: Record<string, string> = {},
  who: { uid?: number; gid?: number } = {},
): Promise<() => Promise<void>> {
  if (!existsSync(path)) throw new Error(`These tests need ${path}: apt-get install ${name}`);
  const said: string[] = [];
  const child = spawn(path, args, { ...who, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(String(chunk)));
  for (let attempt = 0; attempt < 1_500; attempt++) {
    if (child.exitCode !== null) throw new Error(`${path} ended: ${said.join("").slice(-2_000)}`);
    if (await takesConnections(port)) return () => stop(child);
    await sleep(20);
  }
  await stop(child);
  throw new Error(`${path} did not come up: ${said.join("").slice(-2_000)}`);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
}
