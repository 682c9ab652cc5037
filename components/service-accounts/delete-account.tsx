"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { tokensOptions } from "@/components/tokens/tokens-query";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { ServiceAccountView } from "@/lib/identity/tokens";
import type { ServiceAccountActions } from "./account-actions";

interface Props {
  account: ServiceAccountView;
  remove: ServiceAccountActions["remove"];
  onClose: () => void;
}

export function DeleteAccount({ account, remove, onClose }: Props) {
  const list = useInfiniteQuery(tokensOptions({ whose: "account", id: account.id }));
  const router = useRouter();
  const { run, busy, error } = useAction(remove, {
    onDone: () => {
      toast.success(`“${account.name}” is deleted`);
      router.push("/service-accounts");
      router.refresh();
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete “${account.name}”?`}
      description={`${tokenWords(list.data?.pages[0]?.total)} There is no way back; disabling can be undone. What it did stays in the audit log.`}
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

function tokenWords(tokens: number | undefined): string {
  if (tokens === undefined) return "Its tokens stop within a second.";
  if (tokens === 0) return "It has no tokens.";
  return `Its ${tokens === 1 ? "token stops" : `${tokens} tokens stop`} within a second.`;
}
