"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { ServiceAccountView } from "@/lib/tokens";
import type { ServiceAccountActions } from "./account-actions";

interface Props {
  account: ServiceAccountView;
  remove: ServiceAccountActions["remove"];
  tokens: number;
  onClose: () => void;
}

export function DeleteAccount({ account, remove, tokens, onClose }: Props) {
  const router = useRouter();
  const { run, busy, error } = useAction(remove, {
    onDone: () => {
      toast.success(`“${account.name}” is deleted`);
      router.push("/service-accounts");
      router.refresh();
    },
  });
  const what =
    tokens === 0
      ? "It has no tokens."
      : `Its ${tokens === 1 ? "token stops" : `${tokens} tokens stop`} within a second.`;
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete “${account.name}”?`}
      description={`${what} There is no way back; disabling can be undone. What it did stays in the audit log.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id: account.id })}>
            Delete for good
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
