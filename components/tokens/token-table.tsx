"use client";

import { Badge, type Tone } from "@/components/ui/badge";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { TokenActions, TokenRow } from "./token-actions";
import { TokenMenu } from "./token-menu";

const states: Record<TokenRow["status"], { word: string; tone: Tone }> = {
  active: { word: "Active", tone: "good" },
  inactive: { word: "Disabled", tone: "plain" },
  expired: { word: "Expired", tone: "bad" },
  revoked: { word: "Revoked", tone: "bad" },
};

interface Props {
  label: string;
  tokens: TokenRow[];
  withOwner?: boolean;
  actions: Pick<TokenActions, "setActive" | "revoke">;
}

export const TokenTable = ({ label, tokens, withOwner = false, actions }: Props) => (
  <TableFrame>
    <Table aria-label={label} className="table-fixed">
      <thead>
        <tr>
          <HeaderCell>Name</HeaderCell>
          {withOwner && <HeaderCell className="max-md:hidden">Acts as</HeaderCell>}
          <HeaderCell className="w-24">Status</HeaderCell>
          <HeaderCell className="w-24 max-lg:hidden">May</HeaderCell>
          <HeaderCell className="w-30 max-md:hidden">Expires</HeaderCell>
          <HeaderCell className="w-30 max-sm:hidden">Last used</HeaderCell>
          <HeaderCell className="w-11 px-1">
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <Row key={token.id}>
            <Cell className="min-w-0">
              <span className="block truncate font-medium text-base">{token.name}</span>
              <code className="font-mono text-soft text-xs">
                {token.prefix}…{token.lastFour}
              </code>
            </Cell>
            {withOwner && <Cell className="wrap-anywhere max-md:hidden">{token.ownerName}</Cell>}
            <Cell>
              <Badge tone={states[token.status].tone}>{states[token.status].word}</Badge>
            </Cell>
            <Cell className="max-lg:hidden">{token.scopes.join(", ") || "everything"}</Cell>
            <Cell className="max-md:hidden">
              {token.expiresAt ? <Time at={token.expiresAt} form="until" /> : <span className="text-soft">Never</span>}
            </Cell>
            <Cell className="max-sm:hidden">
              {token.lastUsedAt ? <Time at={token.lastUsedAt} /> : <span className="text-soft">Never</span>}
            </Cell>
            <Cell className="px-1 py-0">{token.mayChange && <TokenMenu token={token} actions={actions} />}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  </TableFrame>
);
