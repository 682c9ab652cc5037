import fs from "node:fs";
import { vi } from "vitest";

/** From now on, keeps what this process writes to standard output and standard error instead of showing it. */
export function captureOutput(): string[] {
  const kept: string[] = [];
  const keep = (chunk: unknown) => kept.push(Buffer.isBuffer(chunk) ? chunk.toString() : String(chunk));
  const { writeSync } = fs;
  // The log writes to the file descriptor, past the stream.
  vi.spyOn(fs, "writeSync").mockImplementation((...args: unknown[]) => {
    if (args[0] !== 1 && args[0] !== 2) return Reflect.apply(writeSync, fs, args);
    keep(args[1]);
    return Buffer.byteLength(String(args[1]));
  });
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((chunk) => keep(chunk) > 0);
  }
  return kept;
}
