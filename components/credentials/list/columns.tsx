import Link from "next/link";
import type { ReactNode } from "react";
import type { Column } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { LinkPending } from "@/components/ui/link-pending";
import { Time } from "@/components/ui/time";
import type { CredentialWithUses } from "@/lib/plugin-instances";
import type { CredentialView, SortOrder } from "@/lib/vocabulary/credential-view";
import { Expiry } from "../expiry";
import { Health } from "../health";
import { providerLabel, statuses, typeLabel } from "../messages";
import { useOwnKinds } from "../own-kinds";
import { ProviderIcon } from "../provider-icon";
import type { Density } from "./density";

/** The name and the health are always there. */
export function columnsFor(
  density: Density,
  actions: (view: CredentialWithUses) => ReactNode,
): Column<CredentialWithUses, SortOrder>[] {
  const roomy = density === "comfortable";
  const cellClass = roomy ? "py-1" : "py-0.5";
  const wide = "hidden lg:table-cell w-24";
  return [
    {
      id: "name",
      head: "Name",
      className: "w-auto",
      cellClass,
      orders: ["name", "-name"],
      cell: (view) => <Name view={view} roomy={roomy} />,
    },
    {
      id: "provider",
      head: "Provider and type",
      className: "hidden md:table-cell w-36",
      cellClass,
      cell: (view) => <ProviderAndType view={view} roomy={roomy} />,
    },
    {
      id: "health",
      head: "Health",
      className: "w-32 sm:w-34 xl:w-36",
      cellClass,
      cell: (view) => <Health view={view} oneLine={!roomy} />,
    },
    {
      id: "used_by",
      head: "Used by",
      className: "hidden xl:table-cell w-17",
      cellClass,
      cell: ({ usedBy }) => <UsedBy count={usedBy} />,
    },
    {
      id: "last_used_at",
      head: "Last used",
      className: wide,
      cellClass,
      orders: ["-last_used_at", "last_used_at"],
      cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} otherwise="Never" />,
    },
    {
      id: "owner",
      head: "Owner",
      className: "hidden xl:table-cell w-18",
      cellClass,
      cell: ({ ownerName }) => <span className="block truncate">{ownerName ?? "Nobody"}</span>,
    },
    {
      id: "tags",
      head: "Tags",
      className: "hidden xl:table-cell w-30",
      cellClass,
      cell: ({ tags }) => <Tags tags={tags} />,
    },
    {
      id: "expires_at",
      head: "Expires",
      className: wide,
      cellClass,
      orders: ["expires_at", "-expires_at"],
      cell: ({ expiresAt }) => <Expiry at={expiresAt} />,
    },
    {
      id: "updated_at",
      head: "Updated",
      className: "hidden md:table-cell w-24",
      cellClass,
      orders: ["-updated_at", "updated_at"],
      cell: ({ updatedAt }) => <Moment at={updatedAt} otherwise="Never" />,
    },
    { id: "actions", head: "Actions", headHidden: true, className: "w-11 px-1", cellClass: "py-0", cell: actions },
  ];
}

const Name = ({ view, roomy }: { view: CredentialView; roomy: boolean }) => (
  <div className="min-w-0">
    <span className="flex min-w-0 items-center gap-1.5">
      <Link
        href={`/credentials/${view.id}`}
        className="truncate font-medium text-base hover:underline"
        title={view.name}
      >
        {view.name}
        <LinkPending />
      </Link>
      {view.status !== "active" && <Badge tone={statuses[view.status].tone}>{statuses[view.status].word}</Badge>}
    </span>
    {roomy && (
      <span className="block truncate text-soft text-xs" title={view.summary}>
        {view.summary}
      </span>
    )}
    {roomy && view.externalId && (
      <span className="block truncate font-mono text-soft text-xs" title="The id it was brought along with">
        {view.externalId}
      </span>
    )}
  </div>
);

const ProviderAndType = ({ view, roomy }: { view: CredentialView; roomy: boolean }) => {
  const own = useOwnKinds();
  const type = typeLabel(view.provider, view.type, own);
  const label = providerLabel(view.provider, own);
  return (
    <span className="flex min-w-0 items-start gap-1.5" title={`${label}, ${type}`}>
      <ProviderIcon provider={view.provider} className="mt-px text-soft" />
      <span className="min-w-0">
        <span className="block truncate">{label}</span>
        <span className={roomy ? "block truncate text-soft text-xs" : "sr-only"}>{type}</span>
      </span>
    </span>
  );
};

const Moment = ({ at, otherwise }: { at: string | null; otherwise: string }) =>
  at ? <Time at={at} /> : <span className="text-soft">{otherwise}</span>;

const UsedBy = ({ count }: { count: number }) =>
  count === 0 ? (
    <span className="text-soft">None</span>
  ) : (
    <span className="tabular-nums">
      {count.toLocaleString("en")} <span className="sr-only">{count === 1 ? "task" : "tasks"}</span>
    </span>
  );

const Tags = ({ tags }: { tags: string[] }) => (
  <span className="flex min-w-0 gap-1 overflow-hidden" title={tags.join(", ")}>
    {tags.slice(0, 1).map((tag) => (
      <Badge key={tag} className="min-w-0">
        <span className="truncate">{tag}</span>
      </Badge>
    ))}
    {tags.length > 1 && <Badge>+{tags.length - 1}</Badge>}
  </span>
);
