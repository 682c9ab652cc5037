"use client";

import { LimitsForm } from "@/components/settings/limits-form";
import { OrganizationForm } from "@/components/settings/organization-form";
import { Card } from "@/components/ui/card";
import type { OrganizationChange, OrganizationView } from "@/lib/organizations";
import type { OrganizationActions } from "./organization-actions";

interface Props extends Pick<OrganizationActions, "change"> {
  organization: OrganizationView;
}

/** The forms of one's own settings, for an organisation that is named. */
export function OrganizationSettings({ organization, change }: Props) {
  const update = (changed: OrganizationChange) => change({ id: organization.id, change: changed });
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card title="Settings">
        <OrganizationForm organization={organization} update={update} />
      </Card>
      <Card title="Limits" description="They keep one organisation from filling the vault of all.">
        <LimitsForm organization={organization} mayChange update={update} />
      </Card>
    </div>
  );
}
