import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ExposedLink } from "@/components/exposed/exposed-link";
import { roleLabels, roleMeaning, statusLabels, statusOf } from "@/components/people/messages";
import { Badge } from "@/components/ui/badge";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Card } from "@/components/ui/card";
import { Fact, Facts } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { groupsOfPerson } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import type { Actor } from "@/lib/authorization/actor";
import { peopleByIds, type UserView } from "@/lib/identity";
import { isUuid } from "@/lib/platform/uuid";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { HeldBy } from "../../access/held-by";

interface Props {
  params: Promise<{ id: string }>;
}

/** Page and title of one request read it once. */
const read = cache(
  async (actor: Actor, id: string): Promise<UserView | undefined> =>
    isUuid(id) ? (await peopleByIds(actor, [id]))[0] : undefined,
);

const mayRead = (actor: Actor) => hasPermission(actor.role, undefined, "people:read");

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  const person = mayRead(actor) ? await read(actor, (await params).id).catch(() => undefined) : undefined;
  return { title: person?.name ?? "Person" };
}

export default async function PersonPage({ params }: Props) {
  const { actor } = await requireConsole();
  if (!mayRead(actor)) return forbidden("People are for administrators and auditors.");
  const person = (await read(actor, (await params).id)) ?? notFound();
  const status = statusLabels[statusOf(person)];
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/people", label: "People" }]} />}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {person.name}
            <Badge tone={status.tone}>{status.word}</Badge>
          </span>
        }
        description={person.email}
        actions={
          hasPermission(actor.role, undefined, "audit:read") && (
            <ExposedLink asked={{ by: `user:${person.id}` }} words="What do they know?" />
          )
        }
      />
      <div className="space-y-5">
        <Card title="About them">
          <Facts>
            <Fact name="Role">
              {roleLabels[person.role]}: {roleMeaning[person.role].toLowerCase()}
            </Fact>
            <Fact name="Groups">
              <Groups groups={await groupsOfPerson(actor, person.id)} />
            </Fact>
            <Fact name="Last sign-in">{person.lastSignInAt ? <Time at={person.lastSignInAt} /> : "Never"}</Fact>
          </Facts>
        </Card>
        <HeldBy
          actor={actor}
          subject={{ kind: "user", id: person.id, name: person.name }}
          title="What they may do"
          empty="Nothing by a grant. What they own, and what their role allows, they may all the same."
          used={{ title: "What they worked with", empty: "They have changed or tested nothing in the last 90 days." }}
        />
      </div>
    </>
  );
}

const Groups = ({ groups }: { groups: { id: string; name: string }[] }) =>
  groups.length === 0 ? (
    <span className="text-soft">In none</span>
  ) : (
    <span className="flex flex-wrap gap-x-3 gap-y-1.5">
      {groups.map(({ id, name }) => (
        <Link key={id} href={`/groups/${id}`} className="text-accent underline underline-offset-2">
          {name}
        </Link>
      ))}
    </span>
  );
