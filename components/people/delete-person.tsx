"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { tokensOptions } from "@/components/tokens/tokens-query";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { UserView } from "@/lib/identity";
import { HeirChoice } from "./heir-choice";
import type { PeopleActions } from "./people-actions";
import { peopleKeys } from "./people-query";
import { useHeir } from "./use-heir";

interface Props {
  person: UserView;
  organization?: string | undefined;
  ownId: string;
  actions: Pick<PeopleActions, "setActive" | "remove">;
  onClose: () => void;
}

/** Says what becomes of what hangs on a person, asks who takes it over, and offers the way that can be taken back. */
export function DeletePerson({ person, organization, ownId, actions, onClose }: Props) {
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
  const heir = useHeir({ person, organization, ownId });
  const { data: holdings, isPending } = heir.holdings;
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
            <Button
              busy={deactivate.busy}
              disabled={!holdings}
              onClick={() => heir.settle((heirId) => deactivate.run({ id, organization, active: false, heirId }))}
            >
              Deactivate instead
            </Button>
          )}
          <Button
            variant="danger"
            busy={remove.busy}
            disabled={!holdings}
            onClick={() => heir.settle((heirId) => remove.run({ id, organization, heirId }))}
          >
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
          {holdings && <li>{heir.isAsked ? HANDED_ON : "No credential is theirs, and nothing is granted to them."}</li>}
          <li>What they did stays in the audit log.</li>
        </ul>
        {isPending && <Skeleton className="h-10" />}
        {heir.holdings.isError && <RefusalCallout error={refusalOf(heir.holdings.error)} />}
        {holdings && heir.isAsked && (
          <HeirChoice
            person={person}
            organization={organization}
            holdings={holdings}
            chosen={heir.chosen}
            onChoose={heir.choose}
            error={heir.error}
          />
        )}
      </div>
    </Dialog>
  );
}

const HANDED_ON =
  "Their credentials go on working and belong to whoever takes over; what is granted to them is granted to that person.";

function tokenWords(tokens: number | undefined): string {
  if (tokens === undefined) return "API tokens that act as them stop within a second.";
  if (tokens === 0) return "No API token acts as them.";
  return `${tokens === 1 ? "The API token that acts" : `The ${tokens} API tokens that act`} as them ${tokens === 1 ? "stops" : "stop"} within a second.`;
}
