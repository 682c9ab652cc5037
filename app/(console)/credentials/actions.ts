"use server";

import { action } from "@/lib/api/http/action";
import { callOffRotation, createCredential, deleteCredential, updateCredential } from "@/lib/credentials";
import { CallOffInput, CreateInput, RemoveInput, SetActiveInput, UpdateInput } from "./input";

export const create = action(CreateInput, (actor, input, reservedId) =>
  createCredential(actor, { ...input, reservedId }),
);

export const update = action(UpdateInput, (actor, { id, change }) => updateCredential(actor, id, change));

export const setActive = action(SetActiveInput, (actor, { id, ...change }) => updateCredential(actor, id, change));

export const remove = action(RemoveInput, (actor, { id, expectedVersion }) =>
  deleteCredential(actor, id, { expectedVersion }),
);

export const callOff = action(CallOffInput, (actor, { id }) => callOffRotation(actor, id));
