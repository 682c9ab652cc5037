import "server-only";
import type { Operation } from "@/lib/api/wire/operation";
import { env } from "@/lib/platform/env";
import type { Answer } from "./answer";

/**
 * Holds an answer against what its operation declares, in development and under test. In production nothing is parsed: handlers
 * are held to the declaration by the compiler, and a long list would be walked once more for every reader.
 * @throws Error naming the fields, never their values
 */
export function requireDeclared(operation: Operation, answer: Answer): void {
  if (env().production) return;
  const shape = operation.answers[answer.status];
  if (!shape) throw new Error(`${operation.id} declares no answer with status ${answer.status}`);
  if (answer.stream) return;
  const isText = answer.text !== undefined;
  if (isText !== (shape.mediaType !== undefined)) throw new Error(`${operation.id} declares another kind of body`);
  const result = shape.body?.safeParse(answer.body);
  if (result?.success === false) {
    const places = result.error.issues.map(({ path, code }) => `${path.join(".")} (${code})`);
    throw new Error(`${operation.id} declares another body: ${places.join(", ")}`);
  }
  if (!shape.body && answer.body !== undefined) throw new Error(`${operation.id} declares no body`);
}
