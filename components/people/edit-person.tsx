"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { Dialog } from "@/components/ui/dialog";
import type { UserView } from "@/lib/identity";
import type { PeopleActions, PeopleRights } from "./people-actions";
import { peopleKeys } from "./people-query";
import { PersonForm } from "./person-form";

interface Props {
  person: UserView;
  organization?: string | undefined;
  rights: PeopleRights;
  change: PeopleActions["change"];
  onClose: () => void;
}

export function EditPerson({ person, organization, rights, change, onClose }: Props) {
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: peopleKeys.all });
  const { id, email, firstName, lastName, role, version } = person;
  const own = id === rights.ownId;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Edit ${person.name}`}
      description={
        own
          ? "A new address signs you out: sign in again with it."
          : "A new address or role signs them out everywhere; a link that is out stops working."
      }
    >
      <PersonForm
        start={{ email, firstName, lastName, role }}
        platform={rights.platform}
        roleFixed={own ? "Your own role is for another administrator to change." : undefined}
        save={(fields) => change({ id, organization, change: { ...fields, expectedVersion: version } })}
        onSaved={(stored) => {
          toast.success(`${stored.name} is saved`);
          onClose();
          refresh();
        }}
        onRefused={refresh}
        onCancel={onClose}
        submitLabel="Save"
      />
    </Dialog>
  );
}
