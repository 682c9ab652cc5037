"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { LastUse, Rights } from "@/components/access/grant-parts";
import { credentialsInWords } from "@/components/access/words";
import { type Column, ListTable } from "@/components/list/list-table";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import type { ReachedCredential } from "@/lib/access";
import { tokenLabel } from "./messages";
import type { TokenActions, TokenRow } from "./token-actions";
import { tokenAccessOptions, tokenKeys } from "./tokens-query";

interface Props {
  token: TokenRow;
  /** Left out for whoever may not change the token. */
  narrow: TokenActions["narrowToUsed"] | undefined;
}

const QUIET_MS = 90 * 86_400_000;

/** What a token may do with which credentials, what it made of that, and the way to what it needs. */
export function TokenAccess({ token, narrow }: Props) {
  const access = useQuery(tokenAccessOptions(token.id));
  const [looking, setLooking] = useState(false);
  const all = access.data?.credentials ?? [];
  const used = all.filter((one) => lastOf(one) !== null);
  const isOld = Date.now() - Date.parse(token.createdAt) > QUIET_MS;
  const count = access.data?.used ?? 0;
  return (
    <Card
      title="What it may do"
      description="What its owner may, within its own limits; how it was of use in the last 90 days."
      actions={
        narrow &&
        used.length > 0 &&
        (used.length < all.length || access.data?.hasMore) && (
          <Button size="small" onClick={() => setLooking(true)}>
            Narrow it to what it used…
          </Button>
        )
      }
    >
      <ListTable
        label="What it may do"
        columns={columnsOf(isOld)}
        rows={all}
        keyOf={({ id }) => id}
        list={{ ...access, data: access.data?.credentials }}
        loadingRows={2}
        empty={
          <p className="px-2.5 py-2 text-soft">
            It reaches no credential: its owner was given none, or its limits leave none.
          </p>
        }
      />
      {access.data?.hasMore && <p className="px-2.5 pt-2 text-soft text-sm">It reaches more than are shown here.</p>}
      {looking && narrow && (
        <NarrowToken token={token} kept={used} count={count} narrow={narrow} onClose={() => setLooking(false)} />
      )}
    </Card>
  );
}

const lastOf = ({ usedAt, changedAt }: ReachedCredential): string | null =>
  [usedAt ?? "", changedAt ?? ""].sort().at(-1) || null;

const columnsOf = (isOld: boolean): Column<ReachedCredential>[] => [
  {
    id: "name",
    head: "Credential",
    className: "w-auto",
    cell: (one) => (
      <>
        <span className="wrap-anywhere block font-medium">
          <Link href={`/credentials/${one.id}`} className="hover:underline">
            {one.name}
          </Link>{" "}
          {isOld && lastOf(one) === null && <Badge>Not used for 90 days</Badge>}
        </span>
        <span className="mt-1 block md:hidden">
          <Rights held={one.rights} />
        </span>
      </>
    ),
  },
  { id: "may", head: "May", className: "w-32 max-md:hidden", cell: ({ rights }) => <Rights held={rights} /> },
  {
    id: "last",
    head: "Last use",
    className: "w-32",
    cell: (one) => (
      <>
        <LastUse at={lastOf(one)} />
        {one.isShared && <span className="block text-soft text-xs">by it or another token of its owner</span>}
      </>
    ),
  },
];

interface NarrowProps {
  token: TokenRow;
  kept: ReachedCredential[];
  count: number;
  narrow: TokenActions["narrowToUsed"];
  onClose: () => void;
}

function NarrowToken({ token, kept, count, narrow, onClose }: NarrowProps) {
  const queries = useQueryClient();
  const label = tokenLabel(token);
  const { run, busy, error } = useAction(narrow, {
    onDone: ({ limits }) => {
      toast.success(`“${label}” reaches ${credentialsInWords(limits?.credentialIds?.length ?? 0)} now, and no other`);
      onClose();
      return queries.invalidateQueries({ queryKey: tokenKeys.all });
    },
  });
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Narrow “${label}” to ${credentialsInWords(count)}?`}
      description="It keeps what it made use of in the last 90 days. Everything else it can no longer reach, at once, nor what its owner is given later."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} onClick={() => run({ id: token.id })}>
            Narrow it
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        <ListTable label="What it keeps" columns={keptColumns} rows={kept} keyOf={({ id }) => id} empty="" />
        {count > kept.length && <p className="text-soft text-sm">And {count - kept.length} more.</p>}
      </div>
    </Dialog>
  );
}

const keptColumns: Column<ReachedCredential>[] = [
  { id: "name", head: "Credential", cellClass: "wrap-anywhere", cell: ({ name }) => name },
  { id: "last", head: "Last use", className: "w-28", cell: (one) => <LastUse at={lastOf(one)} /> },
];
