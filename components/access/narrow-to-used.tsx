"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { type Column, ListTable } from "@/components/list/list-table";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Time } from "@/components/ui/time";
import type { Narrowing } from "@/lib/access";
import type { AccessActions } from "./access-actions";
import { accessKeys } from "./access-query";
import { Rights } from "./grant-parts";
import { credentialsInWords } from "./words";

interface Props {
  account: { id: string; name: string };
  /** What narrowing it now would leave. */
  preview: Narrowing;
  narrow: AccessActions["narrow"];
}

/** For a program that reaches everything because it was there first: the way to what it made use of, with a look before. */
export function NarrowToUsed({ account, preview, narrow }: Props) {
  const [looking, setLooking] = useState(false);
  const queries = useQueryClient();
  const router = useRouter();
  const { run, busy, error } = useAction(narrow, {
    onDone: ({ kept }) => {
      toast.success(
        `${account.name} reaches ${credentialsInWords(kept)} now, and nothing else by what it had from before`,
      );
      setLooking(false);
      void queries.invalidateQueries({ queryKey: accessKeys.all });
      router.refresh();
    },
  });
  return (
    <>
      <Callout
        tone="warn"
        title="It reaches every credential, because it was there before access was given one by one"
        actions={<Button onClick={() => setLooking(true)}>Narrow it to what it used…</Button>}
      >
        <p>In the last 90 days it made use of {credentialsInWords(preview.kept)}.</p>
      </Callout>
      {looking && (
        <Dialog
          alert
          open
          onOpenChange={setLooking}
          title={`Narrow ${account.name} to ${credentialsInWords(preview.kept)}?`}
          description="It keeps what it made use of in the last 90 days, one grant for each. Everything else it can no longer fetch, at once."
          footer={
            <>
              <Button onClick={() => setLooking(false)}>Cancel</Button>
              <Button variant="primary" busy={busy} onClick={() => run({ id: account.id })}>
                Narrow it
              </Button>
            </>
          }
        >
          <div className="space-y-3">
            {error && <RefusalCallout error={error} />}
            {preview.kept === 0 ? (
              <p>
                It made use of nothing, so nothing is left that it may fetch. Give it access to what it needs later.
              </p>
            ) : (
              <ListTable label="What it keeps" columns={columns} rows={preview.keeps} keyOf={({ id }) => id} empty="" />
            )}
            {preview.kept > preview.keeps.length && (
              <p className="text-soft text-sm">And {preview.kept - preview.keeps.length} more.</p>
            )}
          </div>
        </Dialog>
      )}
    </>
  );
}

const columns: Column<Narrowing["keeps"][number]>[] = [
  { id: "name", head: "Credential", cellClass: "wrap-anywhere", cell: ({ name }) => name },
  { id: "may", head: "Keeps", className: "w-28", cell: ({ rights }) => <Rights held={rights} /> },
  { id: "last", head: "Last use", className: "w-28", cell: ({ lastAt }) => <Time at={lastAt} /> },
];
