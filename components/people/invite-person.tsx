"use client";

import { useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { UserRole } from "@/lib/vocabulary/permissions";
import { LinkOnce } from "./link-once";
import type { OneTimeLink, PeopleActions, PeopleRights } from "./people-actions";
import { peopleKeys } from "./people-query";
import { PersonForm } from "./person-form";

interface Props {
  rights: PeopleRights;
  invite: PeopleActions["invite"];
  /** Where; left out: in one's own organisation. */
  organization?: { id: string; name: string };
  role?: UserRole;
  size?: "normal" | "small";
}

export function InvitePerson({ rights, invite, organization, role = "app_user", size = "normal" }: Props) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<OneTimeLink>();
  const queries = useQueryClient();
  const router = useRouter();
  const close = () => {
    setOpen(false);
    setLink(undefined);
  };
  return (
    <>
      <Button variant="primary" size={size} onClick={() => setOpen(true)}>
        <UserPlus aria-hidden /> Invite
      </Button>
      {open && !link && (
        <Dialog
          open
          onOpenChange={close}
          title={organization ? `Invite somebody to ${organization.name}` : "Invite somebody"}
          description="You get a link to send them. With it they set their own password and come in."
        >
          <PersonForm
            start={{ email: "", firstName: "", lastName: "", role }}
            platform={rights.platform}
            save={(person, attempt) => invite({ ...person, organization: organization?.id }, attempt)}
            onSaved={(made) => {
              setLink(made);
              void queries.invalidateQueries({ queryKey: peopleKeys.all });
              router.refresh();
            }}
            onCancel={close}
            submitLabel="Make the link"
          />
        </Dialog>
      )}
      {open && link && <LinkOnce link={link} onClose={close} />}
    </>
  );
}
