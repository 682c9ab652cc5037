"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { ListTable } from "@/components/list/list-table";
import { EditToken } from "./edit-token";
import { RevokeToken } from "./revoke-token";
import { RotateToken } from "./rotate-token";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenColumns } from "./token-columns";
import { type TokenDialog, TokenMenu } from "./token-menu";
import { OldSecrets, UnlimitedNote, WeakNote } from "./token-notes";
import { TokenSwitch } from "./token-switch";
import { type TokensQuery, tokensOptions } from "./tokens-query";

interface Props {
  label: string;
  query: TokensQuery;
  withOwner?: boolean;
  actions: Omit<TokenActions, "issue" | "narrowToUsed">;
  /** What to say where there is none. */
  empty: ReactNode;
}

export function TokenList({ label, query, withOwner = false, actions, empty }: Props) {
  const [open, setOpen] = useState<{ dialog: TokenDialog; token: TokenRow } | null>(null);
  const list = useInfiniteQuery(tokensOptions(query));
  const tokens = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = tokenColumns({
    withOwner,
    // Those of another organisation have no page here, and one is on its own already.
    isLinked: query.organization === undefined && query.whose !== "one",
    toggle: (token) => <TokenSwitch token={token} setActive={actions.setActive} />,
    actions: (token) => token.mayChange && <TokenMenu token={token} onOpen={(dialog) => setOpen({ dialog, token })} />,
    notes: (token) => <TokenNotes token={token} actions={actions} onOpen={(dialog) => setOpen({ dialog, token })} />,
  });
  const close = () => setOpen(null);
  return (
    <>
      <ListTable
        label={label}
        columns={columns}
        rows={tokens}
        keyOf={({ id }) => id}
        list={list}
        total={list.data?.pages[0]?.total}
        quiet
        loadingRows={2}
        empty={empty}
      />
      {open?.dialog === "edit" && <EditToken token={open.token} change={actions.change} onClose={close} />}
      {open?.dialog === "rotate" && <RotateToken token={open.token} rotate={actions.rotate} onClose={close} />}
      {open?.dialog === "revoke" && <RevokeToken token={open.token} revoke={actions.revoke} onClose={close} />}
    </>
  );
}

interface NotesProps {
  token: TokenRow;
  actions: Props["actions"];
  onOpen: (dialog: TokenDialog) => void;
}

const TokenNotes = ({ token, actions, onOpen }: NotesProps) => (
  <div className="space-y-1.5">
    {token.weak && <WeakNote token={token} onRotate={() => onOpen("rotate")} />}
    {token.unlimitedFromBefore && <UnlimitedNote token={token} onNarrow={() => onOpen("edit")} />}
    {token.superseded.length > 0 && <OldSecrets token={token} endOverlap={actions.endOverlap} />}
  </div>
);
