"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useMemo } from "react";
import { ListTable } from "@/components/list/list-table";
import { SearchBox } from "@/components/list/search-box";
import { useAddress } from "@/components/list/use-address";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { organizationColumns } from "./organization-columns";
import { organizationsOptions, organizationsParams, readOrganizationsQuery } from "./organizations-query";

export function OrganizationList({ ownId }: { ownId: string }) {
  const [query, change] = useAddress(readOrganizationsQuery, organizationsParams);
  const list = useInfiniteQuery({ ...organizationsOptions(query), placeholderData: keepPreviousData });
  const organizations = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search organisations"
          placeholder="Part of a name"
          value={query.q ?? ""}
          onSearch={(q) => change({ q: q || undefined })}
        />
      </div>
      <ListTable
        label="Organisations"
        columns={organizationColumns(ownId)}
        rows={organizations}
        keyOf={({ id }) => id}
        list={list}
        total={list.data?.pages[0]?.total}
        empty={
          <Empty
            icon={SearchX}
            title="No organisation matches"
            actions={
              <Button size="small" variant="primary" onClick={() => change({ q: undefined })}>
                Clear the search
              </Button>
            }
          >
            The search above hides all of them.
          </Empty>
        }
      />
    </>
  );
}
