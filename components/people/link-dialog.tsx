"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { UserView } from "@/lib/identity";
import { LinkOnce } from "./link-once";
import type { OneTimeLink, PeopleActions } from "./people-actions";
import { peopleKeys } from "./people-query";

const questions = {
  invite: {
    title: (name: string) => `A new link for ${name}?`,
    text: "An earlier invitation stops working. The new one lives seven days.",
  },
  reset: {
    title: (name: string) => `A link for a new password for ${name}?`,
    text: "They are signed out everywhere now. The link lives one hour; until they use it, their present password goes on working.",
  },
};

interface Props {
  kind: keyof typeof questions;
  person: UserView;
  organization?: string | undefined;
  make: PeopleActions["inviteAgain"];
  onClose: () => void;
}

/** Asks, and then shows the link. */
export function LinkDialog({ kind, person, organization, make, onClose }: Props) {
  const [link, setLink] = useState<OneTimeLink>();
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: peopleKeys.all });
  const { run, busy, error } = useAction(make, {
    onDone: (made) => {
      setLink(made);
      refresh();
    },
    onRefused: refresh,
  });
  if (link) return <LinkOnce link={link} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={questions[kind].title(person.name)}
      description={questions[kind].text}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={() => run({ id: person.id, organization })}>
            Make the link
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
