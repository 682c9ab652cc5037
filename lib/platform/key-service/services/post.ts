import "server-only";
import { request } from "undici";
import { jsonObject } from "@/lib/platform/json-object";
import { KeyServiceFailure, kindOfStatus, wordOf } from "../failure";

const BYTES_MAX = 64 * 1024;
const TIME_MS = 10_000;

/**
 * Sends JSON to a key service and reads its JSON answer.
 * @param codeOf the service's own word for what went wrong, in its answer
 * @throws KeyServiceFailure
 */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: object,
  codeOf: (answer: Record<string, unknown>) => unknown,
): Promise<Record<string, unknown>> {
  const { status, text } = await send(url, headers, body);
  const answer = jsonObject(text);
  if (status === 200 && answer) return answer;
  throw new KeyServiceFailure(kindOfStatus(status), named(answer && codeOf(answer), status));
}

async function send(url: string, headers: Record<string, string>, body: object) {
  try {
    const answer = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIME_MS),
      maxRedirections: 0,
    } as Parameters<typeof request>[1]);
    let text = "";
    for await (const chunk of answer.body.setEncoding("utf8")) {
      text += String(chunk);
      if (text.length > BYTES_MAX) throw new KeyServiceFailure("unreachable", "answer_too_long");
    }
    return { status: answer.statusCode, text };
  } catch (error) {
    if (error instanceof KeyServiceFailure) throw error;
    throw new KeyServiceFailure("unreachable", wordOf((error as { code?: unknown }).code));
  }
}

const named = (code: unknown, status: number): string => {
  const word = wordOf(code);
  return word === "unknown" ? `status_${status}` : word;
};

/** A part of an answer that has to be there. @throws KeyServiceFailure when it is not */
export function textOf(answer: Record<string, unknown>, field: string): string {
  const value = answer[field];
  if (typeof value !== "string" || value === "") throw new KeyServiceFailure("unreachable", "unreadable_answer");
  return value;
}
