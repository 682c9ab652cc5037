import { z } from "zod";

/** What an address is read from: a browser's search parameters, or a page's. */
export interface Params {
  get: (name: string) => string | null;
}

/** Reads what the shape names. What makes no sense is left out: an old bookmark must still open the page. */
export function readAddress<Shape extends z.ZodRawShape>(shape: Shape, params: Params): z.infer<z.ZodObject<Shape>> {
  const entries = Object.entries(shape).flatMap(([name, schema]) => {
    const read = z.safeParse(schema, params.get(name) ?? undefined);
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return z.object(shape).parse(Object.fromEntries(entries));
}

/** The same back again; what is empty has no place in an address. */
export const writeAddress = (query: Record<string, string | undefined>): URLSearchParams =>
  new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** The parameters of a page, which may come several times; those count for nothing. */
export const pageParams = (sent: Record<string, string | string[] | undefined>): Params => ({
  get: (name) => (typeof sent[name] === "string" ? sent[name] : null),
});
