"use server";

import { action } from "@/lib/api/http/action";
import * as people from "@/lib/identity";
import { InviteInput, PersonActiveInput, PersonChangeInput, PersonInput, RemovePersonInput, SetUpInput } from "./input";
import { asAddress } from "./link-address";
import { within } from "./within";

export const invite = action(InviteInput, async (actor, { organization, ...person }, reservedId) =>
  asAddress(await people.invitePerson(await within(actor, organization), { ...person, reservedId })),
);

export const inviteAgain = action(PersonInput, async (actor, { organization, id }) =>
  asAddress(await people.inviteAgain(await within(actor, organization), id)),
);

export const offerReset = action(PersonInput, async (actor, { organization, id }) =>
  asAddress(await people.offerReset(await within(actor, organization), id)),
);

export const change = action(PersonChangeInput, async (actor, { organization, id, change }) =>
  people.updatePerson(await within(actor, organization), id, change),
);

export const setActive = action(PersonActiveInput, async (actor, { organization, id, active, heirId }) =>
  people.setPersonActive(await within(actor, organization), id, active, heirId),
);

export const remove = action(RemovePersonInput, async (actor, { organization, id, heirId }) =>
  people.deletePerson(await within(actor, organization), id, { heirId }),
);

export const confirmSetUp = action(SetUpInput, people.confirmSetUp);

export const refuseSetUp = action(SetUpInput, people.refuseSetUp);
