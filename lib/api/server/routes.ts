import "server-only";
import type { HttpMethod, RouteHandler } from "@/lib/api/http/route";
import { RouteTable } from "./route-table";

type WebHandler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[]>> },
) => Promise<Response>;
export type AnyHandler = WebHandler | RouteHandler;

/** What a route file exports: handlers by method. */
export type RouteModule = Partial<Record<HttpMethod, AnyHandler>>;

/** Every API route of the product, the very files that Next's own server would serve. */
const files = import.meta.glob<RouteModule>(
  [
    "../../../app/[(]superai[)]/**/route.ts",
    "../../../app/[(]flowise[)]/**/route.ts",
    "../../../app/[(]litegraph[)]/**/route.ts",
  ],
  { eager: true },
);

/**
 * The table of them by path.
 * @param health what answers `/api/health`, which is about this very process
 * @param probes what answers below it, by name
 */
export function apiRoutes(health: RouteModule, probes: Record<string, RouteModule> = {}): RouteTable<RouteModule> {
  const table = new RouteTable<RouteModule>();
  table.add("api/health/route.ts", health);
  for (const [name, probe] of Object.entries(probes)) table.add(`api/health/${name}/route.ts`, probe);
  for (const [file, module] of Object.entries(files)) table.add(file.replace(/^.*?\/app\//, ""), module);
  return table;
}
