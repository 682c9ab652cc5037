import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { forbidden } from "@/app/(console)/forbidden-page";
import { DeleteKind } from "@/components/kinds/delete-kind";
import { KindEditor } from "@/components/kinds/kind-editor";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requireConsole } from "@/lib/api/http/console";
import { getKind, kindVersions } from "@/lib/own-kinds";
import { Refusal } from "@/lib/platform/refusal";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { add, change, describe, remove, tryOut } from "../actions";

export const metadata: Metadata = { title: "Kind of your own" };

export default async function KindPage({ params }: { params: Promise<{ id: string }> }) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "kind:manage"))
    return forbidden("Kinds of your own are for administrators.");
  const { id } = await params;
  const kind = await getKind(actor, id).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "not_found") return notFound();
    throw error;
  });
  const versions = await kindVersions(actor, id);
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
        title={kind.listing.label}
        description={`${kind.credentials === 1 ? "1 credential is" : `${kind.credentials} credentials are`} of it.`}
        actions={<DeleteKind kind={kind} remove={remove} />}
      />
      <div className="space-y-5">
        <KindEditor kind={kind} actions={{ add, change, describe, tryOut }} />
        <Card title="Versions">
          <ul className="space-y-1">
            {versions.map(({ version, madeAt, madeBy }) => (
              <li key={version} className="wrap-anywhere">
                Version {version}, by {madeBy}, <Time at={madeAt} />
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </>
  );
}
