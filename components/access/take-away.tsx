"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { keys } from "@/components/credentials/query-keys";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { AccessActions, TakenAway } from "./access-actions";
import { accessKeys } from "./access-query";
import type { GrantRow } from "./grant-rows";
import { reachWords, rightLabels, wordOfRights } from "./words";

interface Props {
  /** Of one person, group or program each; all of one name here. */
  rows: GrantRow[];
  name: string;
  takeAway: AccessActions["takeAway"];
  onClose: () => void;
}

/** Asks before grants are taken away, and says of each that stays why. */
export function TakeAway({ rows, name, takeAway, onClose }: Props) {
  const [stays, setStays] = useState<TakenAway[]>();
  const queries = useQueryClient();
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: accessKeys.all });
    void queries.invalidateQueries({ queryKey: keys.all });
  };
  const { run, busy, error } = useAction(takeAway, {
    onDone: (taken) => {
      const refused = taken.filter((one) => one.refused !== null);
      refresh();
      if (refused.length > 0) return setStays(refused);
      toast.success(`Taken away from ${name}`);
      onClose();
    },
    onRefused: refresh,
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={stays ? "Some of it stays" : `Take this away from ${name}?`}
      description={
        stays
          ? "The rest is taken away."
          : "It ends at once. What they have by other grants, or by their role, stays as it is."
      }
      footer={
        <>
          <Button onClick={onClose}>{stays ? "Close" : "Cancel"}</Button>
          {!stays && (
            <Button variant="danger" busy={busy} onClick={() => run({ ids: idsOf(rows) })}>
              Take away
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        <ul className="list-disc space-y-1 pl-5">
          {rows.map((row) => (
            <li key={row.key} className="wrap-anywhere">
              {wordsOf(row)}
              {stays && <Outcome row={row} stays={stays} />}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

const idsOf = (rows: GrantRow[]) => rows.flatMap(({ grants }) => grants.map(({ id }) => id));

const wordsOf = ({ rights, first }: GrantRow): string =>
  `${wordOfRights(rights)
    .map((right) => rightLabels[right])
    .join(", ")}: ${reachWords(first)}`;

function Outcome({ row, stays }: { row: GrantRow; stays: TakenAway[] }) {
  const why = stays.find(({ id }) => row.grants.some((grant) => grant.id === id))?.refused;
  return why ? (
    <span className="block text-bad text-sm">Stays: {why}</span>
  ) : (
    <span className="block text-good text-sm">Taken away</span>
  );
}
