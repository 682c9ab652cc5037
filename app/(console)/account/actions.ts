"use server";

import { z } from "zod";
import { action } from "@/lib/api/http/action";
import { changePassword, confirmPassword, signOutEverywhere } from "@/lib/identity";

const password = z.string().max(1_024);

export const confirmOwnPassword = action(z.strictObject({ password }), (actor, input) =>
  confirmPassword(actor, input.password),
);

export const changeOwnPassword = action(
  z.strictObject({ present: password, next: password }),
  (actor, { present, next }) => changePassword(actor, present, next),
);

export const endOwnSessions = action(z.strictObject({}), (actor) => signOutEverywhere(actor));
