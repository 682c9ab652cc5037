import "server-only";
import { headers } from "next/headers";
import { z } from "zod";
import type { Actor } from "@/lib/authorization/actor";
import { reservedIdOf } from "@/lib/platform/idempotency";
import { ready } from "@/lib/platform/readiness";
import { addressOf } from "./address";
import { requireOwnOrigin, requireVisitor } from "./console";
import type { ActionResult } from "./public-error";
import { parsed, publicErrorOf } from "./public-error-of";
import { requestIdOf } from "./request-id";

const Attempt = z.uuid().optional();

/**
 * A server action: checks where it comes from, who asks and what was sent, hands over once, and answers a result. It
 * never throws to the browser. What it makes gets `reservedId`, the same for each sending of one attempt.
 */
export function action<Input, Output>(
  schema: z.ZodType<Input>,
  run: (actor: Actor, input: Input, reservedId: string | undefined) => Promise<Output>,
): (input: Input, attempt?: string) => Promise<ActionResult<Output>> {
  return async (input, attempt?: unknown) => {
    const sent = await headers();
    try {
      requireOwnOrigin(sent);
      const { actor } = await requireVisitor();
      // A form that is sent without scripts has its fields there, and no name for the attempt.
      const id = parsed(Attempt, typeof attempt === "string" ? attempt : undefined);
      return { ok: true, value: await run(actor, parsed(schema, input), id && reservedIdOf(actor, id)) };
    } catch (error) {
      return { ok: false, error: publicErrorOf(error, requestIdOf(sent)) };
    }
  };
}

/** Where a visitor nobody knows yet asks from. */
interface From {
  requestId: string;
  address: string;
}

/** The same for such a visitor: the set-up page, and those who come by a one-time link. */
export function openAction<Input, Output>(
  schema: z.ZodType<Input>,
  run: (input: Input, from: From) => Promise<Output>,
): (input: Input) => Promise<ActionResult<Output>> {
  return async (input) => {
    const sent = await headers();
    const requestId = requestIdOf(sent);
    try {
      requireOwnOrigin(sent);
      await ready();
      return { ok: true, value: await run(parsed(schema, input), { requestId, address: addressOf(sent) }) };
    } catch (error) {
      return { ok: false, error: publicErrorOf(error, requestId) };
    }
  };
}
