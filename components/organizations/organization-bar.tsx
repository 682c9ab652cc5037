"use client";

import { CirclePause, CirclePlay, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import type { OrganizationView, RemainingContents } from "@/lib/organizations";
import { DeleteOrganization } from "./delete-organization";
import { DisableOrganization } from "./disable-organization";
import type { OrganizationActions } from "./organization-actions";

interface Props {
  organization: OrganizationView;
  left: RemainingContents;
  actions: Pick<OrganizationActions, "change" | "remove">;
}

/** What ends an organisation, for a while or for good. */
export function OrganizationBar({ organization, left, actions }: Props) {
  const [dialog, setDialog] = useState<"disable" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setDialog(null);
  const askToDelete = () => {
    setDialog("delete");
    // What is in it may have changed since the page was made.
    router.refresh();
  };
  const enable = useAction(actions.change, {
    onDone: ({ name }) => {
      toast.success(`${name} is enabled: its people and tokens are let in`);
      router.refresh();
    },
    onRefused: (error) => toast.error(error.message),
  });
  return (
    <>
      {organization.active ? (
        <Button onClick={() => setDialog("disable")}>
          <CirclePause aria-hidden /> Disable
        </Button>
      ) : (
        <Button busy={enable.busy} onClick={() => enable.run({ id: organization.id, change: { active: true } })}>
          <CirclePlay aria-hidden /> Enable
        </Button>
      )}
      <Button className="text-bad" onClick={askToDelete}>
        <Trash2 aria-hidden /> Delete
      </Button>
      {dialog === "disable" && (
        <DisableOrganization organization={organization} change={actions.change} onClose={close} />
      )}
      {dialog === "delete" && (
        <DeleteOrganization organization={organization} left={left} remove={actions.remove} onClose={close} />
      )}
    </>
  );
}
