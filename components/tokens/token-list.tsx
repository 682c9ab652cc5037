"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { ListFoot } from "@/components/list/list-foot";
import { FailedRows, LoadingRows, WholeRow } from "@/components/list/rows";
import { EditToken } from "./edit-token";
import { RevokeToken } from "./revoke-token";
import { RotateToken } from "./rotate-token";
import type { TokenActions, TokenRow } from "./token-actions";
import { type TokenDialog, TokenMenu } from "./token-menu";
import { OldSecrets, WeakNote } from "./token-notes";
import { TokenSwitch } from "./token-switch";
import { columnsOf, TokenTable } from "./token-table";
import { type TokensQuery, tokensOptions } from "./tokens-query";

interface Props {
  label: string;
  query: TokensQuery;
  withOwner?: boolean;
  actions: Omit<TokenActions, "issue">;
  /** What to say where there is none. */
  empty: ReactNode;
}

export function TokenList({ label, query, withOwner = false, actions, empty }: Props) {
  const [open, setOpen] = useState<{ dialog: TokenDialog; token: TokenRow } | null>(null);
  const list = useInfiniteQuery(tokensOptions(query));
  const tokens = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const columns = columnsOf(withOwner);
  const close = () => setOpen(null);
  return (
    <>
      <TokenTable
        label={label}
        tokens={tokens}
        withOwner={withOwner}
        toggle={(token) => <TokenSwitch token={token} setActive={actions.setActive} />}
        actions={(token) =>
          token.mayChange && <TokenMenu token={token} onOpen={(dialog) => setOpen({ dialog, token })} />
        }
        notes={(token) => notesOf(token, actions, () => setOpen({ dialog: "rotate", token }))}
        instead={
          list.isPending ? (
            <LoadingRows columns={columns} rows={2} />
          ) : tokens.length > 0 ? undefined : list.isError ? (
            <FailedRows error={list.error} retry={() => void list.refetch()} />
          ) : (
            <WholeRow>{empty}</WholeRow>
          )
        }
      />
      {(list.hasNextPage || list.isError) && (
        <ListFoot list={list} shown={tokens.length} total={list.data?.pages[0]?.total} />
      )}
      {open?.dialog === "edit" && <EditToken token={open.token} change={actions.change} onClose={close} />}
      {open?.dialog === "rotate" && <RotateToken token={open.token} rotate={actions.rotate} onClose={close} />}
      {open?.dialog === "revoke" && <RevokeToken token={open.token} revoke={actions.revoke} onClose={close} />}
    </>
  );
}

function notesOf(token: TokenRow, actions: Props["actions"], onRotate: () => void): ReactNode {
  if (!token.weak && token.superseded.length === 0) return null;
  return (
    <div className="space-y-1.5">
      {token.weak && <WeakNote token={token} onRotate={onRotate} />}
      {token.superseded.length > 0 && <OldSecrets token={token} endOverlap={actions.endOverlap} />}
    </div>
  );
}
