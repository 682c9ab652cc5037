"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
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
  setActive: PeopleActions["setActive"];
  onClose: () => void;
}

/** Asked where something hangs on whoever is shut out: somebody takes it over, or it waits for them. */
export function DeactivatePerson({ person, organization, ownId, setActive, onClose }: Props) {
  const [way, setWay] = useState<"hand_over" | "keep">("hand_over");
  const queries = useQueryClient();
  const heir = useHeir({ person, organization, ownId });
  const { data: holdings, isPending } = heir.holdings;
  const { run, busy, error } = useAction(setActive, {
    onDone: () => {
      toast.success(`${person.name} is deactivated: signed out, tokens refused`);
      onClose();
      return queries.invalidateQueries({ queryKey: peopleKeys.all });
    },
  });
  const shutOut = (heirId?: string) => run({ id: person.id, organization, active: false, heirId });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Deactivate ${person.name}?`}
      description="They are signed out everywhere, and tokens that act as them stop within a second. You can let them in again."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={!holdings}
            onClick={() => (way === "keep" ? shutOut() : heir.settle(shutOut))}
          >
            Deactivate
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        {isPending && <Skeleton className="h-10" />}
        {heir.holdings.isError && <RefusalCallout error={refusalOf(heir.holdings.error)} />}
        {holdings && heir.isAsked && (
          <>
            <Segmented
              label="What is theirs"
              labelHidden={false}
              value={way}
              options={[
                { value: "hand_over", label: "Hand it over" },
                { value: "keep", label: "Leave it with them" },
              ]}
              onChange={setWay}
            />
            {way === "keep" ? (
              <p className="text-soft">Their credentials go on working. Letting them in again changes nothing of it.</p>
            ) : (
              <HeirChoice
                person={person}
                organization={organization}
                holdings={holdings}
                chosen={heir.chosen}
                onChoose={heir.choose}
                error={heir.error}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
