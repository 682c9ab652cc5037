import type { z } from "zod";

/**
 * The values of an answer that comes as one JSON value a line, each as soon as it is there.
 * @throws Error for a line that is none of these
 */
export async function* jsonLines<Line>(
  schema: z.ZodType<Line>,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") yield schema.parse(JSON.parse(part));
  }
}
