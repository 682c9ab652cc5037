"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import type { StreamRow } from "@/components/feeds/streams";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { StreamActions } from "./stream-actions";
import { streamsOptions } from "./streams-query";

interface Props {
  stream: StreamRow;
  remove: StreamActions["remove"];
  onClose: () => void;
}

export function RemoveStream({ stream: { id, name, lagEvents }, remove, onClose }: Props) {
  const queries = useQueryClient();
  const { run, busy, error } = useAction(remove, {
    onDone: () => {
      toast.success(`“${name}” is removed`);
      onClose();
      return queries.invalidateQueries(streamsOptions());
    },
  });
  const waiting = lagEvents === 1 ? "1 event that waits" : `${lagEvents.toLocaleString("en-GB")} events that wait`;
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Remove “${name}”?`}
      description={`It gets nothing more${lagEvents > 0 ? `, the ${waiting} included` : ""}. What it has stays there, and the audit log stays here. To stop for a while, pause it.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id })}>
            Remove
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
