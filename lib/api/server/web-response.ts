import "server-only";
import { once } from "node:events";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { beginAnswer } from "./exchange";

/** Sends a web `Response` as Node's. A body of one piece goes out with its length; a longer one is streamed. */
export async function sendResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  const headers = headersOf(response);
  const reader = response.body?.getReader();
  if (!reader || outgoing.req.method === "HEAD") {
    await reader?.cancel();
    if (!reader && response.status >= 200 && ![204, 304].includes(response.status)) headers["content-length"] = 0;
    beginAnswer(outgoing, response.status, headers).end();
    return;
  }
  const first = await reader.read();
  // Most answers are one piece. Whether there is a second is known at once, without a wait, for those.
  const second = first.done ? first : await reader.read();
  if (second.done) {
    const body = first.value ?? new Uint8Array();
    headers["content-length"] = body.byteLength;
    beginAnswer(outgoing, response.status, headers).end(body);
    return;
  }
  beginAnswer(outgoing, response.status, headers);
  await write(outgoing, first.value);
  await write(outgoing, second.value);
  await pipe(reader, outgoing);
}

async function pipe(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (outgoing.destroyed) {
      await reader.cancel();
      return;
    }
    await write(outgoing, value);
  }
  outgoing.end();
}

/** Waits while the client is slower than we are. */
async function write(outgoing: ServerResponse, chunk: Uint8Array | undefined): Promise<void> {
  if (!chunk || outgoing.destroyed || outgoing.write(chunk)) return;
  // Whichever does not come is not listened for any more: a long answer would gather listeners.
  const waited = new AbortController();
  const { signal } = waited;
  const either = Promise.race([once(outgoing, "drain", { signal }), once(outgoing, "close", { signal })]);
  await either.finally(() => waited.abort());
}

function headersOf({ headers }: Response): OutgoingHttpHeaders {
  const plain: OutgoingHttpHeaders = {};
  headers.forEach((value, name) => {
    plain[name] = value;
  });
  // The only header that may stand more than once.
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) plain["set-cookie"] = cookies;
  return plain;
}
