"use client";

import { CirclePause, CirclePlay, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { ServiceAccountView } from "@/lib/identity/tokens";
import type { ServiceAccountActions } from "./account-actions";
import { AccountForm } from "./account-form";
import { DeleteAccount } from "./delete-account";

interface Props {
  account: ServiceAccountView;
  actions: Pick<ServiceAccountActions, "update" | "remove">;
}

export function AccountActionsBar({ account, actions }: Props) {
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setDialog(null);
  const { run, busy } = useAction(actions.update, {
    onDone: (stored) => {
      toast.success(stored.status === "active" ? "Enabled: its tokens work again" : "Disabled: its tokens are refused");
      router.refresh();
    },
    onRefused: (error) => toast.error(error.message),
  });
  const active = account.status === "active";
  const Switch = active ? CirclePause : CirclePlay;
  return (
    <>
      <Button onClick={() => setDialog("edit")}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Button busy={busy} onClick={() => run({ id: account.id, change: { status: active ? "inactive" : "active" } })}>
        <Switch aria-hidden /> {active ? "Disable" : "Enable"}
      </Button>
      <Button className="text-bad" onClick={() => setDialog("delete")}>
        <Trash2 aria-hidden /> Delete
      </Button>
      {dialog === "edit" && (
        <Dialog open onOpenChange={close} title="Edit the service account">
          <AccountForm
            start={{ name: account.name, description: account.description ?? "" }}
            save={({ name, description }) =>
              actions.update({ id: account.id, change: { name, description: description || null } })
            }
            onSaved={() => {
              close();
              router.refresh();
            }}
            onCancel={close}
            submitLabel="Save"
          />
        </Dialog>
      )}
      {dialog === "delete" && <DeleteAccount account={account} remove={actions.remove} onClose={close} />}
    </>
  );
}
