import "server-only";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { programFolder } from "@/lib/platform/env";

const packageSchema = z.object({ version: z.string() });

/** This program's version, as its package says. */
export const productVersion = (): string =>
  packageSchema.parse(JSON.parse(readFileSync(join(programFolder(), "package.json"), "utf8"))).version;
