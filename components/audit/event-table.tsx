import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { AuditView } from "@/lib/platform/audit/history";
import { Changes, type FieldMessages } from "./changes";
import { actionWord, outcomeTones } from "./messages";

interface Props extends FieldMessages {
  label: string;
  events: AuditView[];
  /** In the history of one thing, what it happened to goes without saying. */
  withTarget?: boolean;
}

export const EventTable = ({ label, events, withTarget = true, ...words }: Props) => (
  <TableFrame>
    <Table aria-label={label} className="table-fixed">
      <thead>
        <tr>
          <HeaderCell className="w-26 sm:w-48">When</HeaderCell>
          <HeaderCell className="max-sm:hidden sm:w-48">Who</HeaderCell>
          <HeaderCell>What</HeaderCell>
          {withTarget && <HeaderCell className="max-lg:hidden">To what</HeaderCell>}
          <HeaderCell className="hidden w-40 xl:table-cell">From</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Row key={event.seq}>
            <Cell className="align-top">
              <span className="max-sm:hidden">
                <Time at={event.at} form="exact" />
              </span>
              <span className="sm:hidden">
                <Time at={event.at} />
              </span>
            </Cell>
            <Cell className="wrap-anywhere align-top max-sm:hidden">
              <Who event={event} />
            </Cell>
            <Cell className="wrap-anywhere align-top">
              <What event={event} {...words} />
              <span className="block text-soft sm:hidden">{event.actorName}</span>
              {withTarget && event.targetName !== event.actorName && (
                <span className="block text-soft lg:hidden">{event.targetName}</span>
              )}
            </Cell>
            {withTarget && (
              <Cell className="wrap-anywhere align-top max-lg:hidden">
                <Target event={event} />
              </Cell>
            )}
            <Cell className="wrap-anywhere hidden align-top text-soft text-xs xl:table-cell">{event.address}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  </TableFrame>
);

const kinds: Record<string, string> = { service_account: "Service account", system: "Latchkey itself" };

const Who = ({ event }: { event: AuditView }) => (
  <>
    <span className="block">{event.actorName}</span>
    {kinds[event.actorKind] && <span className="block text-soft text-xs">{kinds[event.actorKind]}</span>}
  </>
);

const SAYS_IT = /\.(enabled|disabled)$/;

function What({ event, ...words }: { event: AuditView } & FieldMessages) {
  const outcome = outcomeTones[event.outcome];
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2">
        {actionWord(event.action)}
        {event.outcome !== "done" && outcome && (
          <Badge tone={outcome.tone}>
            {outcome.word}
            {event.reason && `: ${event.reason.replaceAll("_", " ")}`}
          </Badge>
        )}
        {event.version !== null && <span className="text-soft text-xs">version {event.version}</span>}
      </span>
      {/* What is enabled or disabled says so by the act itself. */}
      {!SAYS_IT.test(event.action) && <Changes event={event} {...words} />}
    </>
  );
}

const paths: Record<string, string> = { credential: "/credentials/", service_account: "/service-accounts/" };

function Target({ event }: { event: AuditView }) {
  const path = paths[event.targetType ?? ""];
  const name = event.targetName ?? event.targetId ?? "";
  if (!path || !event.targetId) return name;
  return (
    <Link href={path + event.targetId} className="hover:underline">
      {name}
    </Link>
  );
}
