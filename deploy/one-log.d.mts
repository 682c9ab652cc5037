import type { Readable } from "node:stream";

export interface OneLog {
  tell(level: "debug" | "info" | "warn" | "error", msg: string, fields?: Record<string, unknown>): void;
  read(readable: Readable, stream: "stdout" | "stderr"): () => void;
}

export function oneLog(
  write: (text: string, stream: "stdout" | "stderr") => void,
  options?: { level?: string; format?: "json" | "text"; now?: () => number },
): OneLog;
