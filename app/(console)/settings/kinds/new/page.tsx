import type { Metadata } from "next";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewKind } from "@/components/kinds/new-kind";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { add, change, describe, draft, draftOfDocument, tryOut } from "../actions";

export const metadata: Metadata = { title: "New kind" };

export default async function NewKindPage() {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "kind:manage"))
    return forbidden("Kinds of your own are for administrators.");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            steps={[
              { href: "/settings", label: "Settings" },
              { href: "/settings/kinds", label: "Kinds of your own" },
            ]}
          />
        }
        title="New kind"
        description="A service that the picker does not know."
      />
      <NewKind actions={{ add, change, describe, tryOut, draft, draftOfDocument }} />
    </>
  );
}
