/** What an examination says of one thing that has to be right. */
export interface Finding {
  /** A fixed word, which scripts may rely on. */
  check: Check;
  status: "ok" | "warning" | "failure";
  /** How it is, and where it is not right what to do, in a sentence. Never a secret or a driver's words. */
  message: string;
}

/** In the order in which they are told: what comes later often depends on what comes first. */
export const checks = [
  "settings",
  "key",
  "disk",
  "outbound",
  "proxies",
  "public-url",
  "database",
  "pooler",
  "role",
  "rights",
  "extension",
  "migrations",
  "root-secret",
  "clock",
] as const;
export type Check = (typeof checks)[number];

export const ok = (check: Check, message: string): Finding => ({ check, status: "ok", message });
export const warning = (check: Check, message: string): Finding => ({ check, status: "warning", message });
export const failure = (check: Check, message: string): Finding => ({ check, status: "failure", message });
