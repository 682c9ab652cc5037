"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { SearchX, UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { ListTable } from "@/components/list/list-table";
import { useAddress } from "@/components/list/use-address";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import type { UserView } from "@/lib/identity";
import { DeactivatePerson } from "./deactivate-person";
import { DeletePerson } from "./delete-person";
import { EditPerson } from "./edit-person";
import { LinkDialog } from "./link-dialog";
import type { PeopleActions, PeopleRights } from "./people-actions";
import { peopleColumns } from "./people-columns";
import { type PeopleQuery, peopleOptions, peopleParams, readPeopleQuery } from "./people-query";
import { PeopleToolbar } from "./people-toolbar";
import { type PersonDialog, PersonMenu } from "./person-menu";

interface Props {
  rights: PeopleRights;
  actions: Omit<PeopleActions, "invite">;
  /** Whose people; left out: one's own organisation's. */
  organization?: string;
}

type Open = { dialog: PersonDialog; person: UserView } | null;

export function PeopleList({ rights, actions, organization }: Props) {
  const [query, change] = useAddress(readPeopleQuery, peopleParams);
  const [open, setOpen] = useState<Open>(null);
  const list = useInfiniteQuery({ ...peopleOptions(query, organization), placeholderData: keepPreviousData });
  const people = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = peopleColumns({
    ownId: rights.ownId,
    hasPages: organization === undefined,
    actions: (person) =>
      rights.manage && (
        <PersonMenu
          person={person}
          organization={organization}
          rights={rights}
          setActive={actions.setActive}
          onOpen={(dialog) => setOpen({ dialog, person })}
        />
      ),
  });
  return (
    <>
      <PeopleToolbar query={query} change={change} />
      <ListTable
        label="People"
        columns={columns}
        rows={people}
        keyOf={({ id }) => id}
        list={list}
        total={list.data?.pages[0]?.total}
        empty={<NobodyToShow query={query} change={change} />}
      />
      {open && (
        <OpenDialog
          {...open}
          rights={rights}
          actions={actions}
          organization={organization}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function OpenDialog({
  dialog,
  person,
  rights,
  actions,
  ...rest
}: NonNullable<Open> & Pick<Props, "rights" | "actions"> & { organization: string | undefined; onClose: () => void }) {
  const shared = { person, ...rest };
  switch (dialog) {
    case "edit":
      return <EditPerson {...shared} rights={rights} change={actions.change} />;
    case "invite":
      return <LinkDialog {...shared} kind="invite" make={actions.inviteAgain} />;
    case "reset":
      return <LinkDialog {...shared} kind="reset" make={actions.offerReset} />;
    case "deactivate":
      return <DeactivatePerson {...shared} ownId={rights.ownId} setActive={actions.setActive} />;
    case "delete":
      return <DeletePerson {...shared} ownId={rights.ownId} actions={actions} />;
  }
}

interface NobodyProps {
  query: PeopleQuery;
  change: (changed: Partial<PeopleQuery>) => void;
}

function NobodyToShow({ query, change }: NobodyProps) {
  if (!Object.values(query).some(Boolean)) {
    return (
      <Empty icon={UsersRound} title="Nobody is here yet">
        Invite the first administrator: they look after everything else.
      </Empty>
    );
  }
  return (
    <Empty
      icon={SearchX}
      title="Nobody matches"
      actions={
        <Button
          size="small"
          variant="primary"
          onClick={() => change({ q: undefined, role: undefined, status: undefined })}
        >
          Clear search and filters
        </Button>
      }
    >
      Search and filters above hide everybody.
    </Empty>
  );
}
