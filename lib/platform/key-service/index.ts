import "server-only";
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { keyServiceEnvironment, programFolder } from "@/lib/platform/env";
import { KeyServiceFailure, wordOf } from "./failure";
import type { Errand, Return } from "./protocol";

/**
 * Asks a key-management service to wrap or unwrap one key, in a process of its own: official clients of clouds and modules of
 * hardware makers never run where the keys are used, and what hangs is killed. One errand a process; it is given the settings of key
 * services and nothing else of ours.
 */
export { KeyServiceFailure } from "./failure";
export { type KeyServiceName, keyServices } from "./protocol";

/** Starting a process is part of it, on a busy machine the larger one. */
const DEADLINE_MS = 60_000;

/**
 * @returns the bytes wrapped or unwrapped
 * @throws KeyServiceFailure: "refused" when the service has said no, "unreachable" when it has not answered, or not within a minute
 */
export async function askKeyService({
  act,
  by,
  key,
  bytes,
}: Omit<Errand, "bytes"> & { bytes: Buffer }): Promise<Buffer> {
  const answer = await exchange({ act, by, key, bytes: bytes.toString("base64") });
  if (answer?.kind === "done") return Buffer.from(answer.bytes, "base64");
  throw new KeyServiceFailure(answer?.kind ?? "unreachable", answer ? wordOf(answer.code) : "no_answer");
}

function exchange(errand: Errand): Promise<Return | undefined> {
  // The path is not known when this module is bundled, and must not be followed then.
  const path = join(/* turbopackIgnore: true */ programFolder(), "dist", "key-service.js");
  if (!existsSync(path)) throw new Error("Key services cannot be asked: the process that does is not built");
  const child = fork(/* turbopackIgnore: true */ path, [], {
    env: keyServiceEnvironment(),
    execArgv: ["--max-old-space-size=128"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  return new Promise<Return | undefined>((resolve) => {
    child.once("message", (answer: Return) => resolve(answer));
    // Not "exit": under load that comes before the message has been read from the channel.
    child.once("close", () => resolve(undefined)).once("error", () => resolve(undefined));
    child.send(errand, () => undefined);
  }).finally(() => {
    clearTimeout(timer);
    child.kill("SIGKILL");
  });
}
