"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import type { CredentialActions } from "./credential-actions";
import { usesOptions } from "./queries";
import { keys } from "./query-keys";
import { UsesNotice } from "./uses/uses-notice";

interface Props {
  view: CredentialView;
  setActive: CredentialActions["setActive"];
  onClose: () => void;
}

/** Asked where tasks are registered as using the credential: they fail until it is enabled again. */
export function DisableDialog({ view, setActive, onClose }: Props) {
  const uses = useInfiniteQuery(usesOptions(view.id));
  const queries = useQueryClient();
  const { run, busy, error } = useAction(setActive, {
    onDone: (stored) => {
      queries.setQueryData(keys.one(stored.id), stored);
      toast.success(`“${stored.name}” is disabled: nobody can fetch it until it is enabled again`);
      onClose();
      return queries.invalidateQueries({ queryKey: keys.all });
    },
    onRefused: () => void queries.invalidateQueries({ queryKey: keys.all }),
  });
  const first = uses.data?.pages[0];
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Disable “${view.name}”?`}
      description="Nobody can fetch it until it is enabled again. Its secret stays stored."
      footer={
        <>
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="danger"
            busy={busy}
            disabled={uses.isPending}
            onClick={() => run({ id: view.id, active: false, expectedVersion: view.version })}
          >
            Disable
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        {uses.isPending && <Skeleton className="h-10" />}
        {uses.isError && (
          <Callout tone="warn" title="What uses it could not be found out">
            {refusalOf(uses.error).message}
          </Callout>
        )}
        {first && <UsesNotice uses={first} consequence="will fail until then" />}
      </div>
    </Dialog>
  );
}
