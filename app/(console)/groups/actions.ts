"use server";

import { createGroup, deleteGroup, updateGroup } from "@/lib/access";
import { action } from "@/lib/api/http/action";
import { GroupChangeInput, GroupIdInput, NewGroupInput } from "./input";

export const makeGroup = action(NewGroupInput, (actor, { name, description }, reservedId) =>
  createGroup(actor, { name, description: description || null, reservedId }),
);

export const changeGroup = action(GroupChangeInput, (actor, { id, change }) => updateGroup(actor, id, change));

export const removeGroup = action(GroupIdInput, (actor, { id }) => deleteGroup(actor, id));
