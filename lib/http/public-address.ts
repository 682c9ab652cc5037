import "server-only";
import { env } from "@/lib/env";

/** The address of a path of ours, as people and programs use it. */
export const publicAddress = (path: string): string => new URL(path, env().PUBLIC_URL).href;

/** The origins whose pages may be told how a sign-in ended: ours, and those that call the API from browsers. */
export const openerOrigins = (): string[] => [
  new URL(env().PUBLIC_URL).origin,
  ...(env()
    .CORS_ORIGINS?.split(",")
    .map((origin) => origin.trim()) ?? []),
];
