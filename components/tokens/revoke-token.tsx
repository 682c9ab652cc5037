"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { tokenLabel } from "./messages";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenKeys } from "./tokens-query";

interface Props {
  token: TokenRow;
  revoke: TokenActions["revoke"];
  onClose: () => void;
}

export function RevokeToken({ token, revoke, onClose }: Props) {
  const queries = useQueryClient();
  const label = tokenLabel(token);
  const { run, busy, error } = useAction(revoke, {
    onDone: () => {
      toast.success(`“${label}” is revoked`);
      onClose();
      return queries.invalidateQueries({ queryKey: tokenKeys.all });
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Revoke “${label}”?`}
      description="Whatever uses it stops working within a second. A revoked token cannot be brought back; switching it off can be undone."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id: token.id, own: token.own })}>
            Revoke
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
