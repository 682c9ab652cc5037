import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewStream } from "@/components/streams/new-stream";
import { StreamList } from "@/components/streams/stream-list";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { addStream, changeStream, goOnWithStream, removeStream, stopStream, testStream } from "./actions";

export const metadata: Metadata = { title: "Receivers of the audit log" };

const actions = {
  add: addStream,
  change: changeStream,
  tryOut: testStream,
  pause: stopStream,
  resume: goOnWithStream,
  remove: removeStream,
};

export default async function StreamsPage() {
  const { actor } = await requireConsole();
  const may = (permission: Parameters<typeof hasPermission>[2]) => hasPermission(actor.role, undefined, permission);
  if (!may("audit:read")) return forbidden("The audit log is for administrators and auditors.");
  const mayManage = may("audit_stream:manage");
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/audit", label: "Audit log" }]} />}
        title="Receivers of the audit log"
        description="Each event goes on to them at least once and in order, under a seal that they can check without Latchkey."
        actions={mayManage && <NewStream actions={actions} />}
      />
      <StreamList actions={mayManage ? actions : undefined} />
    </>
  );
}
