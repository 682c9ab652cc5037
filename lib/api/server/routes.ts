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

/** The table of them by path. @param health what answers `/api/health`: it is about this very process */
export function apiRoutes(health: RouteModule): RouteTable<RouteModule> {
  const table = new RouteTable<RouteModule>();
  table.add("api/health/route.ts", health);
  for (const [file, module] of Object.entries(files)) table.add(file.replace(/^.*?\/app\//, ""), module);
  return table;
}
