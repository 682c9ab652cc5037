import { Send } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { AuditFilters } from "@/components/audit/audit-filters";
import { AuditList } from "@/components/audit/audit-list";
import { ExportButton } from "@/components/audit/export-button";
import { fieldWord } from "@/components/audit/field-words";
import { anyValueLabel } from "@/components/credentials/any-field-words";
import { ExposedLink } from "@/components/exposed/exposed-link";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { auditFields, auditPageQuery } from "@/lib/platform/audit/filter";
import { listAuditEvents } from "@/lib/platform/audit/history";
import { hasPermission } from "@/lib/vocabulary/permissions";

export const metadata: Metadata = { title: "Audit log" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function AuditPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "audit:read"))
    return forbidden("The audit log is for administrators and auditors.");
  const sent = readable(await searchParams);
  const { before, ...filter } = auditPageQuery.parse(sent);
  const { events, next, removedUntil } = await listAuditEvents(actor, filter, before);
  const { before: _, ...shown } = sent;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change, fetch and refusal, newest first. Events are chained, so that nobody can alter one unseen."
        actions={
          <>
            <Button asChild>
              <Link href="/audit/streams">
                <Send aria-hidden /> Receivers
              </Link>
            </Button>
            <ExposedLink asked={{ from: shown.from, to: shown.to, zone: shown.zone }} words="What was read?" />
            <ExportButton query={new URLSearchParams(shown).toString()} />
          </>
        }
      />
      <AuditFilters sent={shown} />
      <AuditList
        events={events}
        next={next}
        removedUntil={removedUntil}
        sent={shown}
        isFirst={before === undefined}
        fieldWord={fieldWord}
        valueWord={anyValueLabel}
      />
    </>
  );
}

/** What the address holds and the filter understands. An old link with something else in it must still open the page. */
function readable(sent: Awaited<Props["searchParams"]>): Record<string, string> {
  const entries = Object.entries(auditFields.shape).flatMap(([name, schema]) => {
    const value = sent[name];
    return typeof value === "string" && value !== "" && schema.safeParse(value).success ? [[name, value] as const] : [];
  });
  const read = Object.fromEntries(entries);
  // Where days are days says nothing without one.
  if (!read.from && !read.to) delete read.zone;
  return read;
}
