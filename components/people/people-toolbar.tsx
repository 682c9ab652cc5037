"use client";

import { SearchBox } from "@/components/list/search-box";
import { Select } from "@/components/ui/select";
import { userRoles } from "@/lib/vocabulary/permissions";
import { personStatuses, roleLabels, statusLabels } from "./messages";
import type { PeopleQuery } from "./people-query";

interface Props {
  query: PeopleQuery;
  change: (changed: Partial<PeopleQuery>) => void;
}

export const PeopleToolbar = ({ query, change }: Props) => (
  <div className="mb-3 flex flex-wrap items-center gap-2">
    <SearchBox
      label="Search people"
      placeholder="Name or e-mail address"
      value={query.q ?? ""}
      onSearch={(q) => change({ q: q || undefined })}
    />
    <Select
      aria-label="Role"
      className="w-auto max-w-60 flex-1 basis-36 md:flex-none"
      value={query.role ?? ""}
      onChange={(event) => change({ role: userRoles.find((role) => role === event.target.value) })}
    >
      <option value="">Role: any</option>
      {userRoles.map((role) => (
        <option key={role} value={role}>
          {roleLabels[role]}
        </option>
      ))}
    </Select>
    <Select
      aria-label="Status"
      className="w-auto max-w-44 flex-1 basis-32 md:flex-none"
      value={query.status ?? ""}
      onChange={(event) => change({ status: personStatuses.find((status) => status === event.target.value) })}
    >
      <option value="">Status: any</option>
      {personStatuses.map((status) => (
        <option key={status} value={status}>
          {statusLabels[status].word}
        </option>
      ))}
    </Select>
  </div>
);
