import { csvAnswer } from "@/lib/api/http/csv";
import { download } from "@/lib/api/http/json-endpoints";
import { auditQuery } from "@/lib/platform/audit/filter";
import { auditColumns, startAuditExport } from "@/lib/platform/audit/history";

/** Next would answer it with GET: the export would be on record, and nobody would have it. */
export const HEAD = () => new Response(null, { status: 405, headers: { Allow: "GET" } });

/** The filtered audit log as a file. Asks for a recent password, and is itself on record. */
export const GET = download(auditQuery, async (actor, filter) =>
  csvAnswer(auditColumns, await startAuditExport(actor, filter), "audit.csv"),
);
