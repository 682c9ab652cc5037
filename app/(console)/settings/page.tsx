import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { LimitsForm } from "@/components/settings/limits-form";
import { OrganizationForm } from "@/components/settings/organization-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { requireConsole } from "@/lib/api/http/console";
import { ownOrganization } from "@/lib/organizations";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { updateOwnOrganization } from "./actions";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "organization:manage"))
    return forbidden("Settings are for administrators.");
  const organization = await ownOrganization(actor);
  return (
    <>
      <PageHeader title="Settings" description={`They hold for everybody in ${organization.name}.`} />
      <div className="max-w-2xl space-y-5">
        <Card title="Organisation">
          <OrganizationForm organization={organization} update={updateOwnOrganization} />
        </Card>
        {hasPermission(actor.role, undefined, "kind:manage") && (
          <Card title="Kinds of your own" description="Kinds of credentials that Latchkey does not bring along.">
            <Link href="/settings/kinds" className="text-accent underline underline-offset-2">
              Look after them
            </Link>
          </Card>
        )}
        <Card title="Limits" description="They keep one organisation from filling the vault of all.">
          <LimitsForm
            organization={organization}
            mayChange={hasPermission(actor.role, undefined, "platform:manage")}
            update={updateOwnOrganization}
          />
        </Card>
      </div>
    </>
  );
}
