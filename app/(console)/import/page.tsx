import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ImportPage } from "@/components/import/import-page";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { sources } from "@/lib/importers";
import { hasPermission } from "@/lib/vocabulary/permissions";

export const metadata: Metadata = { title: "Import" };

export default async function Import() {
  const { actor, organizationName } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "credential:import")) return forbidden("Importing is for administrators.");
  return (
    <>
      <PageHeader
        title="Import"
        description={`Takes over what another system kept, into ${organizationName}. First a preview, row by row; nothing changes before you say so.`}
      />
      <ImportPage sources={[...sources]} />
    </>
  );
}
