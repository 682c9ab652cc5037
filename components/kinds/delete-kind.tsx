"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { Action } from "@/components/session/action";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { WrittenKind } from "@/lib/own-kinds";

interface Props {
  kind: WrittenKind;
  remove: Action<{ id: string; expectedVersion: number }, void>;
}

/** Deletes a kind; where credentials are of it, names them instead. */
export function DeleteKind({ kind, remove }: Props) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const { run, busy, error } = useAction(remove, {
    onDone: () => {
      toast.success(`“${kind.listing.label}” is deleted`);
      router.push("/settings/kinds");
      router.refresh();
    },
  });
  const isUsed = kind.credentials > 0;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Trash2 aria-hidden /> Delete…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        alert
        title={isUsed ? "It is in use" : `Delete “${kind.listing.label}”?`}
        description={
          isUsed
            ? "Credentials of this kind are stored. Delete them first."
            : "It goes from the picker and the API, with its versions. No credential is of it."
        }
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{isUsed ? "Close" : "Cancel"}</Button>
            {!isUsed && (
              <Button variant="danger" busy={busy} onClick={() => run({ id: kind.id, expectedVersion: kind.version })}>
                Delete
              </Button>
            )}
          </>
        }
      >
        {isUsed && (
          <ul className="list-disc space-y-1 pl-5">
            {kind.uses.map((name) => (
              <li key={name} className="wrap-anywhere">
                {name}
              </li>
            ))}
            {kind.credentials > kind.uses.length && <li>and {kind.credentials - kind.uses.length} more</li>}
          </ul>
        )}
        {error && <RefusalCallout error={error} />}
      </Dialog>
    </>
  );
}
