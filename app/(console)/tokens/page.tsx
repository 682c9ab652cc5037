import { Ticket } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewToken } from "@/components/tokens/new-token";
import type { TokenRow } from "@/components/tokens/token-actions";
import { TokenTable } from "@/components/tokens/token-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { allows } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { requireConsole } from "@/lib/http/console";
import { listServiceAccounts, listTokens } from "@/lib/tokens";
import { issue, revoke, setTokenActive } from "./actions";

export const metadata: Metadata = { title: "API tokens" };

const PAGE = 100;

interface Props {
  searchParams: Promise<{ from?: string | string[] }>;
}

export default async function TokensPage({ searchParams }: Props) {
  const { actor } = await requireConsole();
  const may = (permission: Parameters<typeof allows>[2]) => allows(actor.role, undefined, permission);
  const [own, all] = [may("token:manage_own"), may("token:read")];
  if (!own && !all) return forbidden("Your role has no API tokens.");
  const { from } = await searchParams;
  const offset = typeof from === "string" && /^\d{1,6}$/.test(from) ? Number(from) : 0;
  return (
    <>
      <PageHeader
        title="API tokens"
        description="What programs sign in with. A token is shown once, when it is created."
      />
      <div className="space-y-5">
        {own && offset === 0 && <OwnTokens actor={actor} />}
        {all && <AllTokens actor={actor} offset={offset} mayChange={may("token:manage")} />}
      </div>
    </>
  );
}

async function OwnTokens({ actor }: { actor: Actor }) {
  const tokens = await listTokens(actor, { owner: { kind: "user", id: actor.id } });
  const rows: TokenRow[] = tokens.map((token) => ({ ...token, ownerName: "You", own: true, mayChange: true }));
  return (
    <Card
      title="Your tokens"
      description="They act as you, and can do no more than you."
      actions={<NewToken owner={{ kind: "self" }} ownerName="you" issue={issue} />}
    >
      {rows.length === 0 ? (
        <p className="text-soft">
          You have none. Workflows should use a service account's token: only those can fetch secrets.
        </p>
      ) : (
        <TokenTable label="Your tokens" tokens={rows} actions={{ setActive: setTokenActive, revoke }} />
      )}
    </Card>
  );
}

async function AllTokens({ actor, offset, mayChange }: { actor: Actor; offset: number; mayChange: boolean }) {
  const [found, accounts] = await Promise.all([
    listTokens(actor, { offset, limit: PAGE + 1 }),
    listServiceAccounts(actor, { limit: 1_000 }),
  ]);
  const names = new Map(accounts.map((account) => [account.id, account.name]));
  const rows: TokenRow[] = found
    .slice(0, PAGE)
    .filter((token) => token.userId !== actor.id)
    .map((token) => ({
      ...token,
      ownerName: names.get(token.serviceAccountId ?? "") ?? "A person",
      own: false,
      mayChange,
    }));
  return (
    <Card title="Everybody else's" description="Tokens of service accounts and of other people.">
      {rows.length === 0 ? (
        <Empty icon={Ticket} title="No tokens">
          Make one for a{" "}
          <Link href="/service-accounts" className="text-accent underline underline-offset-2">
            service account
          </Link>
          .
        </Empty>
      ) : (
        <TokenTable
          label="Everybody else's tokens"
          tokens={rows}
          withOwner
          actions={{ setActive: setTokenActive, revoke }}
        />
      )}
      <Pages offset={offset} more={found.length > PAGE} />
    </Card>
  );
}

const Pages = ({ offset, more }: { offset: number; more: boolean }) =>
  offset === 0 && !more ? null : (
    <nav aria-label="Pages of tokens" className="mt-3 flex gap-2">
      {offset > 0 && (
        <Button asChild size="small">
          <Link href={`/tokens?from=${Math.max(0, offset - PAGE)}`}>Newer tokens</Link>
        </Button>
      )}
      {more && (
        <Button asChild size="small">
          <Link href={`/tokens?from=${offset + PAGE}`}>Older tokens</Link>
        </Button>
      )}
    </nav>
  );
