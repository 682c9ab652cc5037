"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { GroupView } from "@/lib/access";
import type { GroupActions } from "./group-actions";
import { GroupForm } from "./group-form";

interface Props {
  group: GroupView;
  actions: Pick<GroupActions, "update" | "remove">;
}

export function GroupActionsBar({ group, actions }: Props) {
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setDialog(null);
  const { id, name, description } = group;
  return (
    <>
      <Button onClick={() => setDialog("edit")}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Button onClick={() => setDialog("delete")}>
        <Trash2 aria-hidden /> Delete
      </Button>
      {dialog === "edit" && (
        <Dialog open onOpenChange={close} title={`Edit “${name}”`}>
          <GroupForm
            start={{ name, description: description ?? "" }}
            save={(typed) =>
              actions.update({ id, change: { name: typed.name, description: typed.description || null } })
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
      {dialog === "delete" && <DeleteGroup group={group} remove={actions.remove} onClose={close} />}
    </>
  );
}

interface DeleteProps {
  group: GroupView;
  remove: GroupActions["remove"];
  onClose: () => void;
}

function DeleteGroup({ group, remove, onClose }: DeleteProps) {
  const router = useRouter();
  const { run, busy, error } = useAction(remove, {
    onDone: () => {
      toast.success(`“${group.name}” is deleted`);
      router.push("/groups");
      router.refresh();
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete “${group.name}”?`}
      description="What was given to it ends at once for everybody in it. The people stay. There is no way back."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id: group.id })}>
            Delete for good
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
