import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache, Suspense } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NarrowToUsed } from "@/components/access/narrow-to-used";
import { ExposedLink } from "@/components/exposed/exposed-link";
import { AccountActionsBar } from "@/components/service-accounts/account-actions-bar";
import { NewToken } from "@/components/tokens/new-token";
import { Badge } from "@/components/ui/badge";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { previewNarrowing } from "@/lib/access";
import { requireConsole } from "@/lib/api/http/console";
import type { Actor } from "@/lib/authorization/actor";
import { getServiceAccount, type ServiceAccountView } from "@/lib/identity/tokens";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { narrow } from "../../access/actions";
import { HeldBy } from "../../access/held-by";
import { givesOver } from "../../access/viewer";
import { issue } from "../../tokens/actions";
import { TokensOf } from "../../tokens/tokens-of";
import { removeAccount, updateAccount } from "../actions";

interface Props {
  params: Promise<{ id: string }>;
}

/** Page and title of one request read it once. */
const read = cache(async (actor: Actor, id: string): Promise<ServiceAccountView> => {
  if (!isUuid(id)) throw new Refusal("not_found", "Resource not found");
  return getServiceAccount(actor, id);
});

async function known(actor: Actor, id: string): Promise<ServiceAccountView> {
  try {
    return await read(actor, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "not_found") notFound();
    throw error;
  }
}

const mayRead = (actor: Actor) => hasPermission(actor.role, undefined, "service_account:read");

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { actor } = await requireConsole();
  // Who is told below that this is not for them asks for nothing: a refused look is on record.
  const account = mayRead(actor) ? await read(actor, (await params).id).catch(() => undefined) : undefined;
  return { title: account?.name ?? "Service account" };
}

export default async function ServiceAccountPage({ params }: Props) {
  const { actor } = await requireConsole();
  if (!mayRead(actor)) return forbidden("Service accounts are for administrators and auditors.");
  const account = await known(actor, (await params).id);
  const manages = hasPermission(actor.role, undefined, "service_account:manage");
  const mayChange = hasPermission(actor.role, undefined, "token:manage");
  const active = account.status === "active";
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/service-accounts", label: "Service accounts" }]} />}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {account.name}
            <Badge tone={active ? "good" : "plain"}>{active ? "Active" : "Disabled"}</Badge>
          </span>
        }
        description={account.description ?? undefined}
        actions={
          <>
            {hasPermission(actor.role, undefined, "audit:read") && (
              <ExposedLink asked={{ by: `service_account:${account.id}` }} words="What did it read?" />
            )}
            {manages && (
              <AccountActionsBar account={account} actions={{ update: updateAccount, remove: removeAccount }} />
            )}
          </>
        }
      />
      <div className="space-y-5">
        {!active && (
          <Callout tone="warn">It is disabled: all its tokens are refused until it is enabled again.</Callout>
        )}
        <Suspense>
          <FromBefore actor={actor} account={account} />
        </Suspense>
        <Card
          title="API tokens"
          description="The program sends one of these with every request."
          actions={
            mayChange && (
              <NewToken owner={{ kind: "service_account", id: account.id }} ownerName={account.name} issue={issue} />
            )
          }
        >
          <Suspense fallback={<Skeleton className="h-20 rounded-lg" />}>
            <TokensOf
              actor={actor}
              label="API tokens"
              query={{ whose: "account", id: account.id }}
              empty={<p className="p-3 text-soft">None yet. Without a token the program cannot sign in.</p>}
            />
          </Suspense>
        </Card>
        <Suspense fallback={<Skeleton className="h-40 rounded-lg" />}>
          <HeldBy
            actor={actor}
            subject={{ kind: "service_account", id: account.id, name: account.name }}
            title="What it may do"
            empty="Nothing yet: it can fetch no credential until somebody gives it access."
            used={{ title: "What it worked with", empty: "It has fetched nothing in the last 90 days." }}
          />
        </Suspense>
        <About account={account} />
      </div>
    </>
  );
}

/** Where it reaches everything for no other reason than that it was there first: what narrowing it would leave. */
async function FromBefore({ actor, account }: { actor: Actor; account: ServiceAccountView }) {
  if (!givesOver(actor).includes("all")) return null;
  const preview = await previewNarrowing(actor, account.id);
  return preview.replaced > 0 && <NarrowToUsed account={account} preview={preview} narrow={narrow} />;
}

const About = ({ account }: { account: ServiceAccountView }) => (
  <Card title="About it">
    <Facts>
      <Fact name="Id">
        <span className="-my-1.5 flex items-center gap-1">
          <code className="wrap-anywhere font-mono text-sm">{account.id}</code>
          <CopyButton text={account.id} what="the id" />
        </span>
      </Fact>
      <Fact name="Created">
        <Time at={account.createdAt} form="exact" />
      </Fact>
      <Fact name="Changed">
        <Time at={account.updatedAt} /> by {account.modifiedBy}
      </Fact>
    </Facts>
  </Card>
);
