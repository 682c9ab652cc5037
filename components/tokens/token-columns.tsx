import Link from "next/link";
import type { ReactNode } from "react";
import { Expiry } from "@/components/credentials/expiry";
import type { Column } from "@/components/list/list-table";
import { cn } from "@/components/ui/class-names";
import { Time } from "@/components/ui/time";
import { limitWords } from "./limit-words";
import { maskLabel, scopeShortOf, tokenLabel } from "./messages";
import type { TokenRow } from "./token-actions";

interface Parts {
  withOwner: boolean;
  /** Whether a name leads to the token's page. */
  isLinked: boolean;
  toggle: (token: TokenRow) => ReactNode;
  actions: (token: TokenRow) => ReactNode;
  /** What there is to say under a row, over its whole width. */
  notes: (token: TokenRow) => ReactNode;
}

export const tokenColumns = ({ withOwner, isLinked, toggle, actions, notes }: Parts): Column<TokenRow>[] => [
  {
    id: "name",
    head: "Name and secret",
    className: "w-auto",
    cellClass: (token) => cn("py-1", isNoted(token) && "align-top"),
    cell: (token) => (
      <>
        <Name token={token} isLinked={isLinked} />
        {withOwner && <span className="block truncate text-soft text-xs md:hidden">{token.ownerName}</span>}
        {/* As wide as the frame, over the empty rest of the row. */}
        {isNoted(token) && <div className="relative mt-1.5 mb-1 w-[calc(100cqw-1.25rem)]">{notes(token)}</div>}
      </>
    ),
  },
  ...(withOwner ? [owner] : []),
  { id: "scopes", head: "May", className: "w-28 max-lg:hidden", cellClass: onFirstLine, cell: scopeShortOf },
  {
    id: "last_used",
    head: "Last used",
    className: "w-28 max-sm:hidden",
    cellClass: onFirstLine,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : <span className="text-soft">Never</span>),
  },
  {
    id: "expires",
    head: "Expires",
    className: "w-28 max-md:hidden",
    cellClass: onFirstLine,
    cell: ({ expiresAt }) => <Expiry at={expiresAt} />,
  },
  {
    id: "active",
    head: "Active",
    className: "w-16",
    cellClass: (token) => cn(isNoted(token) && "align-top"),
    cell: toggle,
  },
  {
    id: "actions",
    head: "Actions",
    headHidden: true,
    className: "w-11 px-1",
    cellClass: (token) => cn("py-0", isNoted(token) && "pt-1.5 align-top"),
    cell: actions,
  },
];

const owner: Column<TokenRow> = {
  id: "owner",
  head: "Acts as",
  className: "w-auto max-md:hidden",
  cellClass: onFirstLine,
  cell: ({ ownerName }) => (
    <span className="block truncate" title={ownerName}>
      {ownerName}
    </span>
  ),
};

const isNoted = ({ weak, superseded, unlimitedFromBefore }: TokenRow) =>
  weak || superseded.length > 0 || unlimitedFromBefore;

/** Beside a name that has something below it, the other cells stay on its line. */
function onFirstLine(token: TokenRow): string {
  return isNoted(token) ? "pt-3 align-top" : "";
}

function Name({ token, isLinked }: { token: TokenRow; isLinked: boolean }) {
  const label = tokenLabel(token);
  return (
    <>
      <span
        className={cn("block truncate text-base", token.name.trim() ? "font-medium" : "text-soft italic")}
        title={label}
      >
        {isLinked ? (
          <Link href={`/tokens/${token.id}`} className="hover:underline">
            {label}
          </Link>
        ) : (
          label
        )}
      </span>
      <span className="block truncate text-soft text-xs">
        <span className={cn(token.lastFour && "font-mono")}>{maskLabel(token)}</span>
        {token.limits && (
          <span title={limitWords(token.limits).join("; ")}> · {limitWords(token.limits).join("; ")}</span>
        )}
        {token.graphGuids.length > 0 && (
          <span title={token.graphGuids.join(", ")}>
            {" "}
            · {token.graphGuids.length === 1 ? "one graph" : `${token.graphGuids.length} graphs`}
          </span>
        )}
      </span>
    </>
  );
}
