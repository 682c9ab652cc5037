"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

/** Signing in happens in another tab, so that what was typed in this one stays. */
export const SessionEndedDialog = ({ onAnswer }: { onAnswer: (goOn: boolean) => void }) => (
  <Dialog
    alert
    open
    onOpenChange={() => onAnswer(false)}
    title="Your session has ended"
    description="Nothing you typed is lost. Sign in again in a new tab, then come back here and go on."
    footer={
      <>
        <Button onClick={() => onAnswer(false)}>Not now</Button>
        <Button asChild>
          <a href="/sign-in?next=/signed-in" target="_blank" rel="noopener">
            Sign in in a new tab
          </a>
        </Button>
        <Button variant="primary" onClick={() => onAnswer(true)}>
          Go on
        </Button>
      </>
    }
  />
);
