"use client";

import { Rows2, Rows3, X } from "lucide-react";
import { SearchBox } from "@/components/list/search-box";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { Facets } from "@/lib/vocabulary/credential-view";
import { useOwnKinds } from "../own-kinds";
import { type Density, rememberDensity } from "./density";
import { activeFilters, type Filter, filtersOf } from "./filters";
import type { ListQuery } from "./list-query";

interface Props {
  query: ListQuery;
  change: (changed: Partial<ListQuery>) => void;
  facets: Facets | undefined;
  density: Density;
  onDensity: (density: Density) => void;
  /** Whether others' rows are in the list as well as ones of one's own: whoever can make none has none. */
  mayNarrow: boolean;
}

export function Toolbar({ query, change, facets, density, onDensity, mayNarrow }: Props) {
  const own = useOwnKinds();
  const active = activeFilters(query, own);
  const setDensity = (next: Density) => {
    rememberDensity(next);
    onDensity(next);
  };
  return (
    <div className="mb-3 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label="Search credentials"
          placeholder="Name, host, provider, tag or id"
          value={query.q ?? ""}
          onSearch={(q) => change({ q: q || undefined })}
        />
        {filtersOf(facets, own).map((filter) => (
          <FilterSelect
            key={filter.name}
            filter={filter}
            value={query[filter.name]}
            onChange={(value) => change({ [filter.name]: value || undefined })}
          />
        ))}
        {mayNarrow && <OnlyMine on={query.ownOnly ?? false} onChange={(on) => change({ ownOnly: on || undefined })} />}
        <Segmented
          className="ml-auto max-md:hidden"
          label="Row height"
          value={density}
          onChange={setDensity}
          options={[
            { value: "comfortable", label: <Rows2 aria-hidden className="size-4" />, name: "Comfortable rows" },
            { value: "compact", label: <Rows3 aria-hidden className="size-4" />, name: "Compact rows" },
          ]}
        />
      </div>
      {active.length > 0 && (
        <ul aria-label="Active filters" className="flex flex-wrap items-center gap-1.5">
          {active.map(({ name, text }) => (
            <li key={name}>
              <Button size="small" className="rounded-full" onClick={() => change({ [name]: undefined })}>
                <span className="sr-only">Remove the filter </span>
                {text}
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SelectProps {
  filter: Filter;
  value: string | undefined;
  onChange: (value: string) => void;
}

const FilterSelect = ({ filter, value, onChange }: SelectProps) => (
  <Select
    aria-label={filter.label}
    className="w-auto max-w-44 flex-1 basis-32 md:flex-none"
    value={value ?? ""}
    onChange={(event) => onChange(event.target.value)}
  >
    <option value="">{filter.label}: any</option>
    {filter.options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
        {option.count === undefined ? "" : ` (${option.count})`}
      </option>
    ))}
    {value && !filter.options.some((option) => option.value === value) && <option value={value}>{value}</option>}
  </Select>
);

const OnlyMine = ({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) => (
  <span className="inline-flex h-9 items-center gap-2 px-1">
    <Switch id="only-mine" checked={on} onCheckedChange={onChange} />
    <label htmlFor="only-mine">Only mine</label>
  </span>
);
