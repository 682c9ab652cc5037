"use server";

import { openAction } from "@/lib/http/action";
import { setUp } from "@/lib/people";
import { SetUpInput } from "./input";

export const setUpAction = openAction(SetUpInput, async ({ token, ...first }, { requestId }) => {
  await setUp(token, first, requestId);
});
