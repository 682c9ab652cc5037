import { KeyRound, SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { useOwnKinds } from "../own-kinds";
import { offeredProviders } from "../picker/offered";
import { ProviderTiles } from "../picker/provider-tiles";
import { type ActiveFilter, activeFilters } from "./filters";
import type { ListQuery } from "./list-query";

/** What most organisations begin with. */
const FIRST = ["postgresql", "sftp", "openAIApi", "google"];
const first = offeredProviders()
  .filter(({ id }) => FIRST.includes(id))
  .sort((a, b) => FIRST.indexOf(a.id) - FIRST.indexOf(b.id));

interface FilteredProps {
  query: ListQuery;
  total: number | undefined;
  change: (changed: Partial<ListQuery>) => void;
}

/** Says what hides the rows. */
export function FilteredToNothing({ query, total, change }: FilteredProps) {
  const active = activeFilters(query, useOwnKinds());
  const clear = (filters: ActiveFilter[]) => change(Object.fromEntries(filters.map(({ name }) => [name, undefined])));
  return (
    <Empty
      icon={SearchX}
      title="No credential matches"
      actions={
        <>
          {active.length > 1 &&
            active.map((filter) => (
              <Button key={filter.name} size="small" onClick={() => clear([filter])}>
                Without “{filter.text}”
              </Button>
            ))}
          <Button size="small" variant="primary" onClick={() => clear(active)}>
            Clear {active.length > 1 ? "all filters" : "the filter"}
          </Button>
        </>
      }
    >
      {hiding(active, total)}
    </Empty>
  );
}

function hiding(active: ActiveFilter[], total: number | undefined): string {
  const what = active.map(({ text }) => text).join(" and ");
  return total === undefined
    ? `${what}: nothing fits.`
    : `${what} ${active.length > 1 ? "hide" : "hides"} all ${total}.`;
}

interface NothingProps {
  mayCreate: boolean;
  mayImport: boolean;
  /** Whether all that there is would be shown. */
  seesAll: boolean;
}

export const NothingYet = ({ mayCreate, mayImport, seesAll }: NothingProps) => (
  <>
    <Empty icon={KeyRound} title={seesAll ? "No credentials yet" : "Nobody has given you access to a credential yet"}>
      {!seesAll && (
        <p className="mb-2">
          Here is what is yours and what others let you see. Ask an administrator, or whoever looks after the credential
          that you need{mayCreate ? "; or make one of your own" : ""}.
        </p>
      )}
      {mayCreate ? <FirstSteps /> : "Somebody who may create credentials has to make the first one."}
    </Empty>
    {mayCreate && (
      <div className="mx-auto max-w-3xl px-4 pb-10">
        <ProviderTiles list={first} />
        <p className="mt-3 text-center">
          <Link href="/credentials/new" className="text-accent underline underline-offset-2">
            All providers
          </Link>
          {mayImport && (
            <>
              {" · "}
              <Link href="/import" className="text-accent underline underline-offset-2">
                Import from Flowise, n8n or Airflow
              </Link>
            </>
          )}
        </p>
      </div>
    )}
  </>
);

const FirstSteps = () => (
  <ol className="mx-auto mt-1 max-w-sm list-inside list-decimal space-y-0.5 text-left">
    <li>Choose what to connect to.</li>
    <li>Fill in its form and test it, before anything is saved.</li>
    <li>Give its id to the workflows that need it.</li>
  </ol>
);
