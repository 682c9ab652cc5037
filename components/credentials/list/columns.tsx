import { createColumnHelper, rowSortingFeature, tableFeatures } from "@tanstack/react-table";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { LinkPending } from "@/components/ui/link-pending";
import { Time } from "@/components/ui/time";
import type { CredentialWithUses } from "@/lib/plugin-instances";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { Expiry } from "../expiry";
import { Health } from "../health";
import { providerLabel, statuses, typeLabel } from "../messages";
import { useOwnKinds } from "../own-kinds";
import { ProviderIcon } from "../provider-icon";
import type { Density } from "./density";

export const features = tableFeatures({ rowSortingFeature });
const column = createColumnHelper<typeof features, CredentialWithUses>();

/** Where each column shows up; the name and the health are always there. */
export const columnClass: Record<string, string> = {
  name: "w-auto",
  provider: "hidden md:table-cell w-36",
  health: "w-32 sm:w-34 xl:w-36",
  used_by: "hidden xl:table-cell w-17",
  last_used_at: "hidden lg:table-cell w-24",
  owner: "hidden xl:table-cell w-18",
  tags: "hidden xl:table-cell w-30",
  expires_at: "hidden lg:table-cell w-24",
  updated_at: "hidden md:table-cell w-24",
  actions: "w-11 px-1",
};

/** The ids of sortable columns are the server's names for those orders. */
export const columnsFor = (density: Density) => {
  const roomy = density === "comfortable";
  return column.columns([
    column.accessor("name", {
      id: "name",
      header: "Name",
      cell: ({ row }) => <Name view={row.original} roomy={roomy} />,
    }),
    column.accessor("provider", {
      id: "provider",
      header: "Provider and type",
      enableSorting: false,
      cell: ({ row }) => <ProviderAndType view={row.original} roomy={roomy} />,
    }),
    column.accessor("health", {
      id: "health",
      header: "Health",
      enableSorting: false,
      cell: ({ row }) => <Health view={row.original} oneLine={!roomy} />,
    }),
    column.accessor("usedBy", {
      id: "used_by",
      header: "Used by",
      enableSorting: false,
      cell: ({ row }) => <UsedBy count={row.original.usedBy} />,
    }),
    column.accessor("lastUsedAt", {
      id: "last_used_at",
      header: "Last used",
      sortDescFirst: true,
      cell: ({ row }) => <Moment at={row.original.lastUsedAt} otherwise="Never" />,
    }),
    column.accessor("ownerName", {
      id: "owner",
      header: "Owner",
      enableSorting: false,
      cell: ({ row }) => <span className="block truncate">{row.original.ownerName ?? "Nobody"}</span>,
    }),
    column.accessor("tags", {
      id: "tags",
      header: "Tags",
      enableSorting: false,
      cell: ({ row }) => <Tags tags={row.original.tags} />,
    }),
    column.accessor("expiresAt", {
      id: "expires_at",
      header: "Expires",
      sortDescFirst: false,
      cell: ({ row }) => <Expiry at={row.original.expiresAt} />,
    }),
    column.accessor("updatedAt", {
      id: "updated_at",
      header: "Updated",
      sortDescFirst: true,
      cell: ({ row }) => <Moment at={row.original.updatedAt} otherwise="Never" />,
    }),
  ]);
};

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
