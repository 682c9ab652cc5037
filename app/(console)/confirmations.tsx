import { ConfirmationNotice } from "@/components/people/confirmation-notice";
import { Callout } from "@/components/ui/callout";
import type { Actor } from "@/lib/authorization/actor";
import { listUnconfirmed } from "@/lib/identity";
import { confirmSetUp, refuseSetUp } from "./people/actions";

/** What the platform's administrators have set up in this organisation, for those who confirm it. */
export async function Confirmations({ actor }: { actor: Actor }) {
  const unconfirmed = await listUnconfirmed(actor);
  if (unconfirmed.length === 0) return null;
  return <ConfirmationNotice unconfirmed={unconfirmed} actions={{ confirm: confirmSetUp, refuse: refuseSetUp }} />;
}

/** For those who wait for it. */
export const ownConfirmation = (
  <Callout tone="warn" title="Your access waits for a confirmation" className="mb-5">
    An administrator of the platform has set it up. An administrator of this organisation confirms it in the console. If
    the organisation is new and you are its first administrator, choose a password of your own under Account instead.
  </Callout>
);
