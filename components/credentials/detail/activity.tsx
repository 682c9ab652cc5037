"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { EventTable } from "@/components/audit/event-table";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { eventFieldLabel, valueLabel } from "../field-words";
import { useMethod } from "../kind-of-page";
import { credentialOptions, historyOptions } from "../queries";

/** Everything that happened to this credential, newest first. */
export function Activity({ id }: { id: string }) {
  const { data: view } = useQuery(credentialOptions(id));
  const method = useMethod(view?.type);
  const history = useInfiniteQuery(historyOptions(id));
  const events = history.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <section aria-label="Activity" className="space-y-3">
      {history.isPending && <Skeleton className="h-40" />}
      {events.length > 0 && (
        <EventTable
          label="What happened to this credential"
          events={events}
          withTarget={false}
          fieldWord={(name) => (view ? eventFieldLabel(method, name) : name)}
          valueWord={(name, value) => (view ? valueLabel(view, method, name, value) : value)}
        />
      )}
      {history.isError && (
        <RefusalCallout
          error={refusalOf(history.error)}
          actions={<Button onClick={() => void history.refetch()}>Try again</Button>}
        />
      )}
      {history.hasNextPage && (
        <Button size="small" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          Show older events
        </Button>
      )}
    </section>
  );
}
