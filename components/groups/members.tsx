"use client";

import { UserPlus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { SubjectChoice } from "@/components/access/subject-choice";
import { type Column, ListTable } from "@/components/list/list-table";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Time } from "@/components/ui/time";
import type { FoundSubject, GroupMember } from "@/lib/access";
import type { GroupActions } from "./group-actions";

interface Props {
  group: { id: string; name: string };
  people: GroupMember[];
  /** Left out for who only looks. */
  update?: GroupActions["update"] | undefined;
}

/** Who is in a group, and the ways in and out. */
export function Members({ group, people, update }: Props) {
  const [dialog, setDialog] = useState<"add" | GroupMember | null>(null);
  const close = () => setDialog(null);
  return (
    <Card
      title="Members"
      description="What the group may do, each of them may."
      actions={
        update && (
          <Button size="small" onClick={() => setDialog("add")}>
            <UserPlus aria-hidden /> Add somebody
          </Button>
        )
      }
    >
      <ListTable
        label="Members"
        columns={columnsOf(update && setDialog)}
        rows={people}
        keyOf={({ id }) => id}
        empty={<p className="px-2.5 py-2 text-soft">Nobody is in it yet.</p>}
      />
      {update && dialog === "add" && <AddMember group={group} update={update} onClose={close} />}
      {update && dialog !== null && dialog !== "add" && (
        <RemoveMember group={group} member={dialog} update={update} onClose={close} />
      )}
    </Card>
  );
}

const columnsOf = (onRemove: ((member: GroupMember) => void) | undefined): Column<GroupMember>[] => [
  {
    id: "name",
    head: "Name and address",
    cell: ({ id, name, email }) => (
      <span className="wrap-anywhere">
        <Link href={`/people/${id}`} className="font-medium text-base hover:underline">
          {name}
        </Link>
        <span className="block text-soft text-xs">{email}</span>
      </span>
    ),
  },
  {
    id: "added",
    head: "Added",
    className: "w-56 max-md:hidden",
    cellClass: "wrap-anywhere",
    cell: ({ addedAt, addedBy }) => (
      <>
        <Time at={addedAt} /> by {addedBy}
      </>
    ),
  },
  ...(onRemove
    ? [
        {
          id: "actions",
          head: "Actions",
          headHidden: true,
          className: "w-28",
          cellClass: "text-right",
          cell: (member: GroupMember) => (
            <Button size="small" onClick={() => onRemove(member)} aria-label={`Remove ${member.name}`}>
              Remove…
            </Button>
          ),
        },
      ]
    : []),
];

interface ChangeProps {
  group: { id: string; name: string };
  update: GroupActions["update"];
  onClose: () => void;
}

function AddMember({ group, update, onClose }: ChangeProps) {
  const [chosen, setChosen] = useState<FoundSubject>();
  const [lacking, setLacking] = useState(false);
  const router = useRouter();
  const { run, busy, error } = useAction(update, {
    onDone: () => {
      toast.success(`${chosen?.name} is in ${group.name} now`);
      onClose();
      router.refresh();
    },
  });
  const add = () => {
    setLacking(!chosen);
    if (chosen) run({ id: group.id, change: { add: [chosen.id] } });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Add somebody to ${group.name}`}
      description="What the group may do, they may from then on."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={add}>
            Add
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        <SubjectChoice
          kinds={["user"]}
          chosen={chosen}
          onChoose={setChosen}
          error={lacking ? "Choose who comes in" : undefined}
        />
      </div>
    </Dialog>
  );
}

function RemoveMember({ group, member, update, onClose }: ChangeProps & { member: GroupMember }) {
  const router = useRouter();
  const { run, busy, error } = useAction(update, {
    onDone: () => {
      toast.success(`${member.name} is out of ${group.name}`);
      onClose();
      router.refresh();
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Remove ${member.name} from ${group.name}?`}
      description="What they may do through this group ends at once."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id: group.id, change: { remove: [member.id] } })}>
            Remove
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
