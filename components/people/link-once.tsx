"use client";

import { ShownOnce } from "@/components/ui/shown-once";
import { Time } from "@/components/ui/time";
import type { OneTimeLink } from "./people-actions";

/** The only time the link is seen. Latchkey has no mail server, so it is the administrator who sends it. */
export const LinkOnce = ({ link, onClose }: { link: OneTimeLink; onClose: () => void }) => (
  <ShownOnce
    title="Send this link now"
    description={`Latchkey sends no mail: give the link to ${link.view.email} yourself, and to nobody else. It is shown this once.`}
    text={link.address}
    what="the link"
    done="I have sent it"
    onClose={onClose}
  >
    <p className="mt-3 text-soft text-sm">
      It works once, until <Time at={link.expiresAt} form="exact" />. Whoever opens it sets the password{" "}
      {link.kind === "invite" ? "and is in" : "and signs in with it"}.
    </p>
  </ShownOnce>
);
