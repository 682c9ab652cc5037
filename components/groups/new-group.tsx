"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { GroupActions } from "./group-actions";
import { GroupForm } from "./group-form";

export function NewGroup({ create }: Pick<GroupActions, "create">) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New group
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={setOpen}
          title="New group"
          description="For people who need the same. Who is in it, and what it may do, comes on the next page."
        >
          <GroupForm
            start={{ name: "", description: "" }}
            save={create}
            onSaved={({ id }) => router.push(`/groups/${id}`)}
            onCancel={() => setOpen(false)}
            submitLabel="Create"
          />
        </Dialog>
      )}
    </>
  );
}
