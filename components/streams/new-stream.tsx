"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { StreamActions } from "./stream-actions";
import { StreamForm } from "./stream-form";

export function NewStream({ actions }: { actions: Pick<StreamActions, "add" | "change"> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New receiver
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={setOpen}
          title="New receiver"
          description="The audit log is sent on to it as it grows. It is tried out before anything is stored."
        >
          <StreamForm actions={actions} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}
