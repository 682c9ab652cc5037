"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, EllipsisVertical, KeyRound, MailPlus, Pencil, Trash2, UserRound } from "lucide-react";
import Link from "next/link";
import { toast } from "sonner";
import { refusalOf } from "@/components/feed";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLine, MenuNote } from "@/components/ui/menu";
import type { UserView } from "@/lib/identity";
import { hangsOn } from "./heir-choice";
import type { PeopleActions, PeopleRights } from "./people-actions";
import { holdingsOptions, peopleKeys } from "./people-query";

export type PersonDialog = "edit" | "invite" | "reset" | "deactivate" | "delete";

interface Props {
  person: UserView;
  organization?: string | undefined;
  rights: PeopleRights;
  setActive: PeopleActions["setActive"];
  onOpen: (dialog: PersonDialog) => void;
}

export function PersonMenu({ person, organization, rights, setActive, onOpen }: Props) {
  const trigger = (
    <Button variant="quiet" size="icon" aria-label={`Actions for ${person.name}`}>
      <EllipsisVertical aria-hidden />
    </Button>
  );
  if (person.role === "backoffice" && !rights.platform) {
    return (
      <Menu trigger={trigger}>
        <MenuNote>Only a platform administrator changes another one.</MenuNote>
      </Menu>
    );
  }
  const edit = (
    <MenuItem onSelect={() => onOpen("edit")}>
      <Pencil aria-hidden /> Edit…
    </MenuItem>
  );
  if (person.id === rights.ownId) {
    return (
      <Menu trigger={trigger}>
        {edit}
        <MenuItem asChild>
          <Link href="/account">
            <UserRound aria-hidden /> Account
          </Link>
        </MenuItem>
        <MenuLine />
        <MenuNote>This is you. Deactivating and deleting you is for another administrator to do.</MenuNote>
      </Menu>
    );
  }
  return (
    <Menu trigger={trigger}>
      {edit}
      {person.status === "pending" && (
        <MenuItem onSelect={() => onOpen("invite")}>
          <MailPlus aria-hidden /> Invite again…
        </MenuItem>
      )}
      {person.status === "active" && (
        <MenuItem onSelect={() => onOpen("reset")}>
          <KeyRound aria-hidden /> Offer a new password…
        </MenuItem>
      )}
      <SwitchItem person={person} organization={organization} setActive={setActive} onOpen={onOpen} />
      <MenuLine />
      <MenuItem className="text-bad" onSelect={() => onOpen("delete")}>
        <Trash2 aria-hidden /> Delete…
      </MenuItem>
    </Menu>
  );
}

/** Lets in at once, and shuts out at once where nothing hangs on the person. */
function SwitchItem({ person, organization, setActive, onOpen }: Omit<Props, "rights">) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: peopleKeys.all });
  const { run } = useAction(setActive, {
    onDone: ({ name, status }) => {
      toast.success(status === "inactive" ? `${name} is deactivated: signed out, tokens refused` : `${name} is let in`);
      return refresh();
    },
    onRefused: (error) => {
      toast.error(error.message);
      void refresh();
    },
  });
  const shutOut = async () => {
    try {
      const holdings = await queries.fetchQuery(holdingsOptions({ id: person.id, organization }));
      if (hangsOn(holdings)) onOpen("deactivate");
      else run({ id: person.id, organization, active: false });
    } catch (error) {
      toast.error(refusalOf(error).message);
    }
  };
  const isOut = person.status === "inactive";
  const Icon = isOut ? CirclePlay : CirclePause;
  return (
    <MenuItem onSelect={() => (isOut ? run({ id: person.id, organization, active: true }) : void shutOut())}>
      <Icon aria-hidden /> {isOut ? "Activate" : "Deactivate"}
    </MenuItem>
  );
}
