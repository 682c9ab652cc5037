"use server";

import { openAction } from "@/lib/api/http/action";
import { setUp } from "@/lib/organizations";
import { SetUpInput } from "./input";

export const setUpAction = openAction(SetUpInput, async ({ token, ...first }, { requestId }) => {
  await setUp(token, first, requestId);
});
