"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import type { AccessActions } from "@/components/access/access-actions";
import { FetchCommand } from "@/components/access/fetch-command";
import { FirstUse } from "@/components/access/first-use";
import { type Column, ListTable } from "@/components/list/list-table";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { SignInOffer } from "@/lib/providers/authorization";
import { canSignIn } from "@/lib/providers/define";
import type { AuthorizationNotice } from "@/lib/vocabulary/authorization-outcome";
import type { CredentialView, Usage } from "@/lib/vocabulary/credential-view";
import { SignInPart } from "../connect/sign-in-part";
import { type CredentialRights, mayChange } from "../credential-actions";
import { Expiry } from "../expiry";
import { Health } from "../health";
import { useMethod } from "../kind-of-page";
import { credentialOptions, usageOptions } from "../queries";
import { keys } from "../query-keys";
import { UsesCard } from "../uses/uses-card";

interface Props {
  id: string;
  rights: CredentialRights;
  /** Where a program fetches it. */
  address: string;
  grant: AccessActions["grant"];
  /** Where one signs in at the provider for it. */
  offer?: SignInOffer | undefined;
  /** How a sign-in ended that has come back to this page. */
  ended?: AuthorizationNotice | undefined;
  /** It was made by that sign-in. */
  isMade?: boolean;
}

export function Overview({ id, rights, address, grant, offer, ended, isMade = false }: Props) {
  const { data: view } = useQuery(credentialOptions(id));
  const method = useMethod(view?.type);
  const [isNew, skip] = useJustMade(id, isMade);
  if (!view) return null;
  const signsIn = offer !== undefined && canSignIn(method, view.config);
  return (
    <div className="grid items-start gap-5 xl:grid-cols-2">
      {isNew && view.rights.includes("manage") && <FirstUse id={id} address={address} grant={grant} onSkip={skip} />}
      {offer && <SignInPart view={view} mayChange={mayChange(rights, view)} offer={offer} ended={ended} />}
      {/* Beside the card of the sign-in, which is as high as it is, they stand in one column. */}
      <div className={signsIn ? "space-y-5" : "contents"}>
        <Card title="At a glance">
          <Facts>
            <Fact name="Health">
              <Health view={view} />
              {view.health && (
                <Link href={`/credentials/${id}/tests`} className="text-accent text-sm underline underline-offset-2">
                  All steps of the test
                </Link>
              )}
            </Fact>
            <Fact name="Connects to">{view.summary}</Fact>
            <Fact name="Expires">
              <Expiry at={view.expiresAt} />
            </Fact>
            {!offer && view.tokenExpiresAt && (
              <Fact name={"access_token" in view.secrets ? "Access token" : "Access ends"}>
                <Expiry at={view.tokenExpiresAt} />
              </Fact>
            )}
            {!offer && view.accountEmail && <Fact name="Account">{view.accountEmail}</Fact>}
            <Fact name="Last used">{view.lastUsedAt ? <Time at={view.lastUsedAt} /> : "Never"}</Fact>
          </Facts>
        </Card>
        <Card title="About it">
          <Identity view={view} />
        </Card>
      </div>
      {!isNew && <FetchCommand address={address} className="xl:col-span-2" />}
      <UsesCard id={id} />
      <Card
        title="Fetched in the last 30 days"
        description="Service accounts that got its plain values."
        className="xl:col-span-2"
      >
        <UsageTable id={id} />
      </Card>
    </div>
  );
}

/** Whether it was saved a moment ago, in this browser, or by the sign-in that led here; and how that is put aside. */
function useJustMade(id: string, isMade: boolean): [boolean, () => void] {
  const queries = useQueryClient();
  const [isNew, setIsNew] = useState(() => isMade || queries.getQueryData(keys.justMade) === id);
  return [
    isNew,
    () => {
      queries.removeQueries({ queryKey: keys.justMade });
      if (isMade) window.history.replaceState(null, "", window.location.pathname);
      setIsNew(false);
    },
  ];
}

const Identity = ({ view }: { view: CredentialView }) => (
  <Facts>
    <Fact name="Id">
      <span className="-my-1.5 flex items-center gap-1">
        <code className="wrap-anywhere font-mono text-sm">{view.id}</code>
        <CopyButton text={view.id} what="the id" />
      </span>
    </Fact>
    {view.externalId && (
      <Fact name="External id">
        <code className="font-mono text-sm">{view.externalId}</code>
      </Fact>
    )}
    <Fact name="Owner">{view.ownerName ?? "Nobody"}</Fact>
    <Fact name="Tags">
      {view.tags.length === 0 ? (
        <span className="text-soft">None</span>
      ) : (
        <span className="flex flex-wrap gap-1">
          {view.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </span>
      )}
    </Fact>
    <Fact name="Version">{view.version}</Fact>
    <Fact name="Created">
      <Time at={view.createdAt} form="exact" />
    </Fact>
    <Fact name="Changed">
      <Time at={view.updatedAt} /> by {view.modifiedBy}
    </Fact>
  </Facts>
);

function UsageTable({ id }: { id: string }) {
  const usage = useQuery(usageOptions(id));
  return (
    <ListTable
      label="Who fetched it"
      columns={usageColumns}
      rows={usage.data ?? []}
      keyOf={({ serviceAccountId }) => serviceAccountId}
      list={usage}
      loadingRows={1}
      empty={<p className="px-2.5 py-2 text-soft">Nobody fetched it.</p>}
    />
  );
}

const usageColumns: Column<Usage>[] = [
  {
    id: "account",
    head: "Service account",
    cellClass: "wrap-anywhere",
    cell: ({ serviceAccountName }) => serviceAccountName,
  },
  {
    id: "fetches",
    head: "Fetches",
    className: "w-20 sm:w-1/5",
    cellClass: "tabular-nums",
    cell: ({ fetches }) => fetches,
  },
  { id: "last", head: "Last", className: "w-28 sm:w-1/5", cell: ({ lastAt }) => <Time at={lastAt} /> },
  {
    id: "version",
    head: "Version it got",
    className: "w-1/5 max-sm:hidden",
    cellClass: "tabular-nums",
    cell: ({ lastVersion }) => lastVersion,
  },
];
