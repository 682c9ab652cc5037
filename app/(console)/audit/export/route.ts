import { auditQuery } from "@/lib/audit/filter";
import { auditColumns, startAuditExport } from "@/lib/audit/history";
import { csvAnswer } from "@/lib/http/csv";
import { download } from "@/lib/http/feed";

/** Next would answer it with GET: the export would be on record, and nobody would have it. */
export const HEAD = () => new Response(null, { status: 405, headers: { Allow: "GET" } });

/** The filtered audit log as a file. Asks for a recent password, and is itself on record. */
export const GET = download(auditQuery, async (actor, filter) =>
  csvAnswer(auditColumns, await startAuditExport(actor, filter), "audit.csv"),
);
