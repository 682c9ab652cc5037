import "server-only";
import { randomBytes } from "node:crypto";

/** What this process is called where answers tell apart which one gave them: another name after each start, saying nothing else. */
export const NODE = randomBytes(6).toString("hex");
