"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { eventColumns } from "@/components/audit/event-columns";
import { ListTable } from "@/components/list/list-table";
import { eventFieldLabel, valueLabel } from "../field-words";
import { useMethod } from "../kind-of-page";
import { credentialOptions, historyOptions } from "../queries";

/** Everything that happened to this credential, newest first. */
export function Activity({ id }: { id: string }) {
  const { data: view } = useQuery(credentialOptions(id));
  const method = useMethod(view?.type);
  const history = useInfiniteQuery(historyOptions(id));
  return (
    <section aria-label="Activity">
      <ListTable
        label="What happened to this credential"
        columns={eventColumns({
          withTarget: false,
          fieldWord: (name) => (view ? eventFieldLabel(method, name) : name),
          valueWord: (name, value) => (view ? valueLabel(view, method, name, value) : value),
        })}
        rows={history.data?.pages.flatMap((page) => page.events) ?? []}
        keyOf={({ seq }) => seq}
        list={history}
        quiet
        more="Show older events"
        empty={<p className="px-2.5 py-2 text-soft">Nothing is in the audit log about it any more.</p>}
      />
    </section>
  );
}
