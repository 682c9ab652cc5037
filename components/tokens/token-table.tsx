import type { ReactNode } from "react";
import { Expiry } from "@/components/credentials/expiry";
import { cn } from "@/components/ui/class-names";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { maskLabel, scopeShortOf, tokenLabel } from "./messages";
import type { TokenRow } from "./token-actions";

/** Where each column shows up. */
const columnClass = {
  name: "w-auto",
  owner: "w-auto max-md:hidden",
  scopes: "w-28 max-lg:hidden",
  lastUsed: "w-28 max-sm:hidden",
  expires: "w-28 max-md:hidden",
  active: "w-16",
  actions: "w-11 px-1",
};

export const columnsOf = (withOwner: boolean): string[] =>
  Object.entries(columnClass).flatMap(([name, className]) => (name === "owner" && !withOwner ? [] : [className]));

interface Props {
  label: string;
  tokens: TokenRow[];
  withOwner: boolean;
  toggle: (token: TokenRow) => ReactNode;
  actions: (token: TokenRow) => ReactNode;
  /** What there is to say under a row, over its whole width. */
  notes: (token: TokenRow) => ReactNode;
  /** Stands where the rows would: loading, empty, an error. */
  instead?: ReactNode;
}

export const TokenTable = ({ label, tokens, withOwner, toggle, actions, notes, instead }: Props) => (
  <TableFrame>
    <Table aria-label={label} className="table-fixed">
      <thead>
        <tr>
          <HeaderCell className={columnClass.name}>Name and secret</HeaderCell>
          {withOwner && <HeaderCell className={columnClass.owner}>Acts as</HeaderCell>}
          <HeaderCell className={columnClass.scopes}>May</HeaderCell>
          <HeaderCell className={columnClass.lastUsed}>Last used</HeaderCell>
          <HeaderCell className={columnClass.expires}>Expires</HeaderCell>
          <HeaderCell className={columnClass.active}>Active</HeaderCell>
          <HeaderCell className={columnClass.actions}>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {instead ||
          tokens.map((token) => (
            <TokenCells
              key={token.id}
              token={token}
              withOwner={withOwner}
              toggle={toggle}
              actions={actions}
              note={notes(token)}
            />
          ))}
      </tbody>
    </Table>
  </TableFrame>
);

type CellsProps = Pick<Props, "withOwner" | "toggle" | "actions"> & { token: TokenRow; note: ReactNode };

function TokenCells({ token, withOwner, toggle, actions, note }: CellsProps) {
  // Beside a name that has something below it, the other cells stay on its line.
  const cell = note ? "align-top" : "";
  return (
    <Row>
      <Cell className={cn(columnClass.name, "py-1", cell)}>
        <Name token={token} />
        {withOwner && <span className="block truncate text-soft text-xs md:hidden">{token.ownerName}</span>}
        {/* As wide as the frame, over the empty rest of the row. */}
        {note && <div className="relative mt-1.5 mb-1 w-[calc(100cqw-1.25rem)]">{note}</div>}
      </Cell>
      {withOwner && (
        <Cell className={cn(columnClass.owner, cell, note && "pt-3")}>
          <span className="block truncate" title={token.ownerName}>
            {token.ownerName}
          </span>
        </Cell>
      )}
      <Cell className={cn(columnClass.scopes, cell, note && "pt-3")}>{scopeShortOf(token)}</Cell>
      <Cell className={cn(columnClass.lastUsed, cell, note && "pt-3")}>
        {token.lastUsedAt ? <Time at={token.lastUsedAt} /> : <span className="text-soft">Never</span>}
      </Cell>
      <Cell className={cn(columnClass.expires, cell, note && "pt-3")}>
        <Expiry at={token.expiresAt} />
      </Cell>
      <Cell className={cn(columnClass.active, cell)}>{toggle(token)}</Cell>
      <Cell className={cn(columnClass.actions, "py-0", cell, note && "pt-1.5")}>{actions(token)}</Cell>
    </Row>
  );
}

function Name({ token }: { token: TokenRow }) {
  const label = tokenLabel(token);
  return (
    <>
      <span
        className={cn("block truncate text-base", token.name.trim() ? "font-medium" : "text-soft italic")}
        title={label}
      >
        {label}
      </span>
      <span className="block truncate text-soft text-xs">
        <span className={cn(token.lastFour && "font-mono")}>{maskLabel(token)}</span>
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
