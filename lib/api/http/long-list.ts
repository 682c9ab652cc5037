import "server-only";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Items that are written in one turn of the event loop. */
const SLICE = 200;

/** JSON text of an answer. A long list is written in slices, between which others get their turn. */
export async function jsonText(body: unknown): Promise<string> {
  if (!Array.isArray(body) || body.length <= SLICE) return JSON.stringify(body);
  let text = "";
  for (let at = 0; at < body.length; at += SLICE) {
    if (at > 0) await nextTurn();
    text +=
      (at > 0 ? "," : "") +
      body
        .slice(at, at + SLICE)
        .map(itemText)
        .join(",");
  }
  return `[${text}]`;
}

/** In a list, what has no JSON is null. */
const itemText = (item: unknown) => JSON.stringify(item) ?? "null";

/** Most items of a list that is held whole. */
const WHOLE_MAX = 1_000;

/** A list that was read to its end, or, where it is longer than may be held, the text of it as it is read. */
export type LongList<Item> = { whole: Item[] } | { text: AsyncIterable<string> };

/** Reads a list until it is known which of the two it is. @param pages what is left of them is read as the text is taken */
export async function longList<Item>(pages: AsyncGenerator<Item[]>): Promise<LongList<Item>> {
  const begun: Item[] = [];
  while (begun.length <= WHOLE_MAX) {
    const { done, value } = await pages.next();
    if (done) return { whole: begun };
    begun.push(...value);
  }
  return { text: textOf(begun, pages) };
}

async function* textOf(begun: unknown[], pages: AsyncGenerator<unknown[]>): AsyncGenerator<string> {
  yield `[${begun.map(itemText).join(",")}`;
  for await (const page of pages) if (page.length > 0) yield `,${page.map(itemText).join(",")}`;
  yield "]";
}
