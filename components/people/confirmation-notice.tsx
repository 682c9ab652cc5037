"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { Action } from "@/components/session/action";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { PendingConfirmation, PendingConfirmationKey } from "@/lib/identity";
import { peopleKeys } from "./people-query";

interface Actions {
  confirm: Action<PendingConfirmationKey, void>;
  refuse: Action<PendingConfirmationKey, void>;
}

interface Props {
  unconfirmed: PendingConfirmation[];
  actions: Actions;
}

const what: Record<PendingConfirmation["kind"], (one: PendingConfirmation) => string> = {
  person: ({ for: whom }) => `access for ${whom}`,
  link: ({ for: whom }) => `a link by which ${whom} sets a new password`,
  token: ({ name, for: whom }) => `the API token “${name}” for ${whom}`,
};

/** Who set up what for whom from outside, to confirm or to refuse. */
export const ConfirmationNotice = ({ unconfirmed, actions }: Props) => (
  <Callout tone="warn" title="Set up by the platform, and not confirmed yet" className="mb-5">
    <p>It opens nothing until you confirm it. Ask whom it is for before you do.</p>
    <ul aria-label="Waiting for your confirmation">
      {unconfirmed.map((one) => (
        <Item key={`${one.kind} ${one.id}`} one={one} {...actions} />
      ))}
    </ul>
  </Callout>
);

function Item({ one, confirm, refuse }: Actions & { one: PendingConfirmation }) {
  const router = useRouter();
  const queries = useQueryClient();
  const onDone = () => {
    void queries.invalidateQueries({ queryKey: peopleKeys.all });
    router.refresh();
  };
  const handlers = { onDone };
  const confirming = useAction(confirm, handlers);
  const refusing = useAction(refuse, handlers);
  const error = confirming.error ?? refusing.error;
  const { kind, id } = one;
  const words = what[kind](one);
  return (
    <li className="flex flex-wrap items-center gap-2 py-1.5">
      <span className="min-w-0 flex-1 break-words">
        {one.by} made {words}.
      </span>
      <Button
        size="small"
        busy={confirming.busy}
        aria-label={`Confirm ${words}`}
        onClick={() => confirming.run({ kind, id })}
      >
        Confirm
      </Button>
      <Button
        size="small"
        variant="quiet"
        busy={refusing.busy}
        aria-label={`Refuse ${words}`}
        onClick={() => refusing.run({ kind, id })}
      >
        Refuse
      </Button>
      {error && <RefusalCallout error={error} />}
    </li>
  );
}
