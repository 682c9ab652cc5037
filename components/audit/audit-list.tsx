import { SearchX } from "lucide-react";
import Link from "next/link";
import { ListTable } from "@/components/list/list-table";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import type { AuditView } from "@/lib/platform/audit/history";
import type { FieldMessages } from "./changes";
import { eventColumns } from "./event-columns";

interface Props extends FieldMessages {
  events: AuditView[];
  next: string | null;
  removedUntil: string | null;
  sent: Record<string, string>;
  isFirst: boolean;
}

export function AuditList({ events, next, removedUntil, sent, isFirst, ...words }: Props) {
  const page = (before?: string) => `/audit?${new URLSearchParams({ ...sent, ...(before && { before }) })}`;
  return (
    <>
      <ListTable
        label="Audit events"
        columns={eventColumns({ withTarget: true, ...words })}
        rows={events}
        keyOf={({ seq }) => seq}
        empty={<NoEvent />}
      />
      {events.length > 0 && (
        <nav aria-label="Pages of the audit log" className="mt-3 flex items-center gap-3">
          {!isFirst && (
            <Button asChild size="small">
              <Link href={page()}>Newest</Link>
            </Button>
          )}
          {next && (
            <Button asChild size="small">
              <Link href={page(next)}>Older events</Link>
            </Button>
          )}
          {!next && (
            <p className="text-soft text-sm">
              That is the oldest event{Object.keys(sent).length > 0 && " that matches"}.
            </p>
          )}
        </nav>
      )}
      {removedUntil && (
        <p className="mt-3 text-soft text-sm">
          Earlier events, until {removedUntil.slice(0, 10)}, were removed under this installation’s retention.
        </p>
      )}
    </>
  );
}

const NoEvent = () => (
  <Empty
    icon={SearchX}
    title="No event matches"
    actions={
      <Button asChild>
        <Link href="/audit">Clear the filter</Link>
      </Button>
    }
  >
    The filter above hides every event. Widen the dates or clear it.
  </Empty>
);
