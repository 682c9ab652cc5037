"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { tokensOptions } from "@/components/tokens/tokens-query";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { UserView } from "@/lib/identity";
import type { PeopleActions } from "./people-actions";
import { peopleKeys } from "./people-query";

interface Props {
  person: UserView;
  organization?: string | undefined;
  actions: Pick<PeopleActions, "setActive" | "remove">;
  onClose: () => void;
}

/** Says what becomes of what hangs on a person, and offers the way that can be taken back. */
export function DeletePerson({ person, organization, actions, onClose }: Props) {
  const queries = useQueryClient();
  const { id, name } = person;
  const tokens = useInfiniteQuery(tokensOptions({ whose: "person", id, organization })).data?.pages[0]?.total;
  const done = (text: string) => () => {
    toast.success(text);
    onClose();
    return queries.invalidateQueries({ queryKey: peopleKeys.all });
  };
  const remove = useAction(actions.remove, { onDone: done(`${name} is deleted`) });
  const deactivate = useAction(actions.setActive, { onDone: done(`${name} is deactivated`) });
  const error = remove.error ?? deactivate.error;
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete ${name}?`}
      description="There is no way back; deactivating can be undone."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {person.status !== "inactive" && (
            <Button busy={deactivate.busy} onClick={() => deactivate.run({ id, organization, active: false })}>
              Deactivate instead
            </Button>
          )}
          <Button variant="danger" busy={remove.busy} onClick={() => remove.run({ id, organization })}>
            Delete for good
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        <ul className="list-disc space-y-1 pl-5">
          <li>{person.email} is signed out everywhere and cannot sign in again.</li>
          <li>{tokenWords(tokens)}</li>
          <li>Credentials they made stay and go on working, without an owner.</li>
          <li>What they did stays in the audit log.</li>
        </ul>
      </div>
    </Dialog>
  );
}

function tokenWords(tokens: number | undefined): string {
  if (tokens === undefined) return "API tokens that act as them stop within a second.";
  if (tokens === 0) return "No API token acts as them.";
  return `${tokens === 1 ? "The API token that acts" : `The ${tokens} API tokens that act`} as them ${tokens === 1 ? "stops" : "stop"} within a second.`;
}
