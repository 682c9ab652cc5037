"use server";

import { openAction } from "@/lib/api/http/action";
import { acceptLink, openLink } from "@/lib/identity";
import { AcceptInput, LinkInput } from "./input";

export const openJoinLink = openAction(LinkInput, ({ secret }, from) => openLink(secret, from));

export const acceptJoinLink = openAction(AcceptInput, ({ secret, password }, from) =>
  acceptLink(secret, password, from),
);
