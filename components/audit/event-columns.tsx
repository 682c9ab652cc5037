import Link from "next/link";
import type { Column } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { AuditView } from "@/lib/platform/audit/history";
import { Changes, type FieldMessages } from "./changes";
import { actionWord, outcomeTones } from "./messages";

/**
 * Of the audit log. On a phone, who and to what stand below what happened.
 * @param withTarget left out in the history of one thing: what it happened to goes without saying
 */
export const eventColumns = ({
  withTarget,
  ...words
}: FieldMessages & { withTarget: boolean }): Column<AuditView>[] => [
  { id: "when", head: "When", className: "w-26 sm:w-48", cellClass: "align-top", cell: ({ at }) => <When at={at} /> },
  {
    id: "who",
    head: "Who",
    className: "max-sm:hidden sm:w-48",
    cellClass: "wrap-anywhere align-top",
    cell: (event) => <Who event={event} />,
  },
  {
    id: "what",
    head: "What",
    cellClass: "wrap-anywhere align-top",
    cell: (event) => (
      <>
        <What event={event} {...words} />
        <span className="block text-soft sm:hidden">{event.actorName}</span>
        {withTarget && event.targetName !== event.actorName && (
          <span className="block text-soft lg:hidden">{event.targetName}</span>
        )}
      </>
    ),
  },
  ...(withTarget ? [target] : []),
  {
    id: "from",
    head: "From",
    className: "hidden w-40 xl:table-cell",
    cellClass: "wrap-anywhere align-top text-soft text-xs",
    cell: ({ address }) => address,
  },
];

const target: Column<AuditView> = {
  id: "target",
  head: "To what",
  className: "max-lg:hidden",
  cellClass: "wrap-anywhere align-top",
  cell: (event) => <Target event={event} />,
};

const When = ({ at }: Pick<AuditView, "at">) => (
  <>
    <span className="max-sm:hidden">
      <Time at={at} form="exact" />
    </span>
    <span className="sm:hidden">
      <Time at={at} />
    </span>
  </>
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
