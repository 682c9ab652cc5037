import "server-only";

/** Set-Cookie may stand several times. */
export type AnswerHeaders = Record<string, string | string[]>;

/** An answer ready to be sent: what a Response would hold, without the cost of being one. */
export interface PlainAnswer {
  status: number;
  headers: AnswerHeaders;
  text: string | undefined;
  stream?: AsyncIterable<string> | undefined;
}

/** The same answer as a web Response. */
export function responseOf({ status, headers, text, stream }: PlainAnswer): Response {
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, one] as [string, string]),
  );
  return new Response(stream ? bodyOf(stream) : (text ?? null), { status, headers: pairs });
}

/** Asks for no more than is taken, and for nothing once nobody is there to take it. */
function bodyOf(stream: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = stream[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
