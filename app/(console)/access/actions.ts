"use server";

import type { TakenAway } from "@/components/access/access-actions";
import * as access from "@/lib/access";
import { action } from "@/lib/api/http/action";
import { getServiceAccount } from "@/lib/identity/tokens";
import { Refusal } from "@/lib/platform/refusal";
import {
  AnswerInput,
  AskInput,
  GrantInput,
  RequestIdInput,
  SubjectIdInput,
  TakeAwayInput,
  TakeAwayOverInput,
} from "./input";

export const grant = action(GrantInput, (actor, { reason, ...input }) =>
  access.grantAccess(actor, { ...input, reason: reason || null }),
);

/** One after the other, each with an answer of its own; refused where not one could be taken away. */
export const takeAway = action(TakeAwayInput, async (actor, { ids }) => {
  const taken: TakenAway[] = [];
  const refusals: Refusal[] = [];
  for (const id of ids) {
    const refusal = await access.takeAway(actor, id).then(() => undefined, expected);
    if (refusal) refusals.push(refusal);
    taken.push({ id, refused: refusal?.message ?? null });
  }
  if (refusals[0] && refusals.length === ids.length) throw refusals[0];
  return taken;
});

/** How many grants were taken away. */
export const takeAwayOver = action(TakeAwayOverInput, access.takeAwayOver);

/** Of a program that is there: what is not, is not found. */
export const narrow = action(SubjectIdInput, async (actor, { id }) =>
  access.narrowToUsed(actor, (await getServiceAccount(actor, id)).id),
);

export const ask = action(AskInput, access.askForAccess);

export const withdraw = action(RequestIdInput, (actor, { id }) => access.withdrawRequest(actor, id));

export const answer = action(AnswerInput, (actor, { id, ...given }) => access.answerRequest(actor, id, given));

function expected(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
