import type { Metadata } from "next";
import { Suspense } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { pageParams } from "@/components/list/address";
import { OrganizationBar } from "@/components/organizations/organization-bar";
import { OrganizationStatus } from "@/components/organizations/organization-columns";
import { OrganizationSettings } from "@/components/organizations/organization-settings";
import { InvitePerson } from "@/components/people/invite-person";
import { readPeopleQuery } from "@/components/people/people-query";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { requireConsole } from "@/lib/api/http/console";
import { type OrganizationView, type RemainingContents, remainingIn } from "@/lib/organizations";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { invite } from "../../people/actions";
import { rightsOf } from "../../people/rights";
import { change, remove } from "../actions";
import { knownName, knownOrganization } from "./known";
import { PeopleOf } from "./people-of";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  return {
    title: hasPermission(actor.role, undefined, "platform:manage")
      ? await knownName(actor, (await params).id)
      : "Organisation",
  };
}

export default async function OrganizationPage({ params, searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "platform:manage"))
    return forbidden("Organisations are for platform administrators.");
  const organization = await knownOrganization(actor, (await params).id);
  const { id, name, active } = organization;
  const left = await remainingIn(actor, id);
  const isOwn = id === actor.orgId;
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/organizations", label: "Organisations" }]} />}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {name}
            <OrganizationStatus active={active} />
          </span>
        }
        description={
          isOwn ? "You are in it, so disabling and deleting it is for somebody of another organisation." : undefined
        }
        actions={!isOwn && <OrganizationBar organization={organization} left={left} actions={{ change, remove }} />}
      />
      <div className="space-y-5">
        {!active && <Callout tone="warn">It is disabled: nobody of it signs in, and its tokens are refused.</Callout>}
        <Card
          title="People"
          actions={
            <InvitePerson
              rights={rightsOf(actor)}
              invite={invite}
              organization={{ id, name }}
              role={left.people === 0 ? "org_admin" : "app_user"}
              size="small"
            />
          }
        >
          <Suspense fallback={<Skeleton className="h-28 rounded-lg" />}>
            <PeopleOf actor={actor} organization={id} query={readPeopleQuery(pageParams(await searchParams))} />
          </Suspense>
        </Card>
        <OrganizationSettings organization={organization} change={change} />
        <About organization={organization} left={left} />
      </div>
    </>
  );
}

const About = ({ organization, left }: { organization: OrganizationView; left: RemainingContents }) => (
  <Card title="About it">
    <Facts>
      <Fact name="Id">
        <span className="-my-1.5 flex items-center gap-1">
          <code className="wrap-anywhere font-mono text-sm">{organization.id}</code>
          <CopyButton text={organization.id} what="the id" />
        </span>
      </Fact>
      <Fact name="People">{left.people}</Fact>
      <Fact name="Service accounts">{left.service_accounts}</Fact>
      <Fact name="API tokens">{left.tokens}</Fact>
      <Fact name="Created">
        <Time at={organization.createdAt} form="exact" />
      </Fact>
    </Facts>
  </Card>
);
