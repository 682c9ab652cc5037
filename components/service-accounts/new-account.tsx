"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { ServiceAccountActions } from "./account-actions";
import { AccountForm } from "./account-form";

export function NewAccount({ create }: Pick<ServiceAccountActions, "create">) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> New service account
      </Button>
      {open && (
        <Dialog
          open
          onOpenChange={setOpen}
          title="New service account"
          description="For a program that fetches secrets. It gets its tokens on the next page."
        >
          <AccountForm
            start={{ name: "", description: "" }}
            save={create}
            onSaved={({ id }) => router.push(`/service-accounts/${id}`)}
            onCancel={() => setOpen(false)}
            submitLabel="Create"
          />
        </Dialog>
      )}
    </>
  );
}
