import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { ExposedDays } from "@/components/exposed/exposed-days";
import { ExposedList } from "@/components/exposed/exposed-list";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Callout } from "@/components/ui/callout";
import { PageHeader } from "@/components/ui/page-header";
import { type BlastQuery, blastRadius } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import type { Actor } from "@/lib/authorization/actor";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { takeAwayOver } from "../../access/actions";
import { update } from "../../credentials/actions";
import { revoke } from "../../tokens/actions";
import { exportCsv } from "./actions";
import { type ExposedAsked, exposedFields, questionOf } from "./asked";
import { type Asked, whoIs } from "./who-is";

export const metadata: Metadata = { title: "What was read" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** What somebody knows, and the ways to make that worth nothing. */
export default async function ExposedPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  if (!hasPermission(actor.role, undefined, "audit:read"))
    return forbidden("What was read stands in the audit log, which is for administrators and auditors.");
  const asked = readable(await searchParams);
  const query = questionOf(asked);
  const who = await whoIs(actor, query?.by);
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/audit", label: "Audit log" }]} />}
        title={who ? `What ${who.name} knows` : "What was read"}
        description="Credentials whose present secret was read by a program, or put in by the person asked about. What has a new secret since is not among them."
      />
      <ExposedDays asked={asked} />
      {query ? <Found actor={actor} query={query} asked={asked} who={who} /> : <NoQuestion asked={asked} />}
    </>
  );
}

interface FoundProps {
  actor: Actor;
  query: BlastQuery;
  asked: ExposedAsked;
  who: Asked | undefined;
}

const Found = async ({ actor, query, asked, who }: FoundProps) => (
  <ExposedList
    // What was chosen among others is not chosen here.
    key={JSON.stringify(asked)}
    rows={await blastRadius(actor, query)}
    asked={asked}
    subject={who?.subject}
    token={hasPermission(actor.role, undefined, "token:manage") ? who?.token : undefined}
    rights={{
      update: hasPermission(actor.role, undefined, "credential:update"),
      takeAway: hasPermission(actor.role, undefined, "access:manage"),
    }}
    actions={{ update, takeAwayOver, revoke, exportCsv }}
  />
);

const NoQuestion = ({ asked: { from, to } }: { asked: ExposedAsked }) => (
  <Callout tone="info" title={from && to ? "The last day is before the first" : "Choose the first and the last day"}>
    Then everything that any program read in these days is listed. To ask about one program, person or token, follow
    “What did it read?” at{" "}
    <Link href="/service-accounts" className="text-accent underline underline-offset-2">
      a service account
    </Link>
    , a person or a token.
  </Callout>
);

/** What the address holds and is understood: an old link with something else in it must still open the page. */
function readable(sent: Awaited<Props["searchParams"]>): ExposedAsked {
  const entries = Object.entries(exposedFields.shape).flatMap(([name, schema]) => {
    const read = schema.safeParse(sent[name] || undefined);
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return exposedFields.parse(Object.fromEntries(entries));
}
