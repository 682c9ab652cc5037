import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { GroupActionsBar } from "@/components/groups/group-actions-bar";
import { Members } from "@/components/groups/members";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { PageHeader } from "@/components/ui/page-header";
import { getGroup } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import type { Actor } from "@/lib/authorization/actor";
import { Refusal } from "@/lib/platform/refusal";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { HeldBy } from "../../access/held-by";
import { changeGroup, removeGroup } from "../actions";

interface Props {
  params: Promise<{ id: string }>;
}

/** Page and title of one request read it once. */
const read = cache(getGroup);

async function known(actor: Actor, id: string) {
  try {
    return await read(actor, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
}

const mayRead = (actor: Actor) => hasPermission(actor.role, undefined, "group:read");

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  const group = mayRead(actor) ? await read(actor, (await params).id).catch(() => undefined) : undefined;
  return { title: group?.name ?? "Group" };
}

export default async function GroupPage({ params }: Props) {
  const { actor } = await requireConsole();
  if (!mayRead(actor)) return forbidden("Groups are for administrators and auditors.");
  const { people, ...group } = await known(actor, (await params).id);
  const manages = hasPermission(actor.role, undefined, "group:manage");
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/groups", label: "Groups" }]} />}
        title={group.name}
        description={group.description ?? undefined}
        actions={manages && <GroupActionsBar group={group} actions={{ update: changeGroup, remove: removeGroup }} />}
      />
      <div className="space-y-5">
        <Members group={group} people={people} update={manages ? changeGroup : undefined} />
        <HeldBy
          actor={actor}
          subject={{ kind: "group", id: group.id, name: group.name }}
          title="What its members may do"
          empty="Nothing by this group yet: give it access to a credential, a tag or a kind."
        />
      </div>
    </>
  );
}
