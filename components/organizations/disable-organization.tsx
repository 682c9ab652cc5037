"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { OrganizationView } from "@/lib/organizations";
import type { OrganizationActions } from "./organization-actions";

interface Props extends Pick<OrganizationActions, "change"> {
  organization: OrganizationView;
  onClose: () => void;
}

/** Many people feel it at once, so it asks, although it can be taken back. */
export function DisableOrganization({ organization, change, onClose }: Props) {
  const router = useRouter();
  const { run, busy, error } = useAction(change, {
    onDone: ({ name }) => {
      toast.success(`${name} is disabled`);
      onClose();
      router.refresh();
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Disable “${organization.name}”?`}
      description="Within a second everybody of it is shut out, its tokens are refused and its workflows fetch nothing. Enabling it again undoes that."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={() => run({ id: organization.id, change: { active: false } })}>
            Disable
          </Button>
        </>
      }
    >
      {error && <RefusalCallout error={error} />}
    </Dialog>
  );
}
