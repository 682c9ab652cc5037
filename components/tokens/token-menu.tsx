"use client";

import { CirclePause, CirclePlay, EllipsisVertical, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Menu, MenuItem, MenuLine } from "@/components/ui/menu";
import type { TokenActions, TokenRow } from "./token-actions";

interface Props {
  token: TokenRow;
  actions: Pick<TokenActions, "setActive" | "revoke">;
}

export function TokenMenu({ token, actions }: Props) {
  const [asking, setAsking] = useState(false);
  const router = useRouter();
  const { run } = useAction(actions.setActive, {
    onDone: (stored) => {
      toast.success(stored.status === "inactive" ? `“${stored.name}” is disabled` : `“${stored.name}” is enabled`);
      router.refresh();
    },
    onRefused: (error) => toast.error(error.message),
  });
  const isOff = token.status === "inactive";
  const Switch = isOff ? CirclePlay : CirclePause;
  return (
    <>
      <Menu
        trigger={
          <Button variant="quiet" size="icon" aria-label={`Actions for ${token.name}`}>
            <EllipsisVertical aria-hidden />
          </Button>
        }
      >
        {token.status !== "expired" && (
          <>
            <MenuItem onSelect={() => run({ id: token.id, own: token.own, active: isOff })}>
              <Switch aria-hidden /> {isOff ? "Enable" : "Disable"}
            </MenuItem>
            <MenuLine />
          </>
        )}
        <MenuItem className="text-bad" onSelect={() => setAsking(true)}>
          <Trash2 aria-hidden /> Revoke…
        </MenuItem>
      </Menu>
      {asking && <RevokeDialog token={token} revoke={actions.revoke} onClose={() => setAsking(false)} />}
    </>
  );
}

function RevokeDialog({
  token,
  revoke,
  onClose,
}: {
  token: TokenRow;
  revoke: TokenActions["revoke"];
  onClose: () => void;
}) {
  const router = useRouter();
  const { run, busy, error } = useAction(revoke, {
    onDone: () => {
      toast.success(`“${token.name}” is revoked`);
      onClose();
      router.refresh();
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Revoke “${token.name}”?`}
      description="Whatever uses it stops working within a second. A revoked token cannot be brought back; disabling can be undone."
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
