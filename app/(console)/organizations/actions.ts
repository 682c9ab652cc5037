"use server";

import { action } from "@/lib/api/http/action";
import { createOrganization, deleteOrganization, updateOrganization } from "@/lib/organizations";
import { NewOrganizationInput, OrganizationChangeInput, OrganizationEndInput } from "./input";

export const create = action(NewOrganizationInput, (actor, { name }, reservedId) =>
  createOrganization(actor, { name, reservedId }),
);

export const change = action(OrganizationChangeInput, (actor, { id, change }) => updateOrganization(actor, id, change));

export const remove = action(OrganizationEndInput, (actor, { id, force }) => deleteOrganization(actor, id, { force }));
