"use server";

import { action } from "@/lib/api/http/action";
import { createServiceAccount, deleteServiceAccount, updateServiceAccount } from "@/lib/identity/tokens";
import { AccountChangeInput, AccountIdInput, NewAccountInput } from "./input";

export const createAccount = action(NewAccountInput, (actor, { name, description }, reservedId) =>
  createServiceAccount(actor, { name, description: description || null, reservedId }),
);

export const updateAccount = action(AccountChangeInput, (actor, { id, change }) =>
  updateServiceAccount(actor, id, change),
);

export const removeAccount = action(AccountIdInput, (actor, { id }) => deleteServiceAccount(actor, id));
