import "server-only";
import { stringify } from "csv-stringify";
import { stringify as stringifyAll } from "csv-stringify/sync";

const format = (columns: string[]) => ({
  header: true,
  columns,
  escape_formulas: true,
  record_delimiter: "windows" as const,
});

/** The same as one text, of few rows. */
export const csvText = (columns: string[], rows: object[]): string => stringifyAll(rows, format(columns));

/**
 * A CSV answer that streams page by page (RFC 4180). Cells that a spreadsheet would take for a formula are escaped.
 */
export function csvAnswer(columns: string[], pages: AsyncIterable<object[]>, fileName: string): Response {
  const rows = stringify(format(columns));
  const iterator = pages[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  rows.setEncoding("utf8");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      rows.on("data", (text: string) => controller.enqueue(encoder.encode(text)));
      rows.on("end", () => controller.close());
      rows.on("error", (error) => controller.error(error));
    },
    async pull() {
      const { done, value } = await iterator.next();
      if (done) rows.end();
      else for (const row of value) rows.write(row);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${fileName}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
