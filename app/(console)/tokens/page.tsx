import { Ticket } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { forbidden } from "@/app/(console)/forbidden-page";
import { NewToken } from "@/components/tokens/new-token";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { requireConsole } from "@/lib/api/http/console";
import { hasPermission } from "@/lib/vocabulary/permissions";
import { issue } from "./actions";
import { TokensOf } from "./tokens-of";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const { actor } = await requireConsole();
  const may = (permission: Parameters<typeof hasPermission>[2]) => hasPermission(actor.role, undefined, permission);
  const [own, all] = [may("token:manage_own"), may("token:read")];
  if (!own && !all) return forbidden("Your role has no API tokens.");
  return (
    <>
      <PageHeader
        title="API tokens"
        description="What programs sign in with. A token is shown once, when it is created or rotated."
      />
      <div className="space-y-5">
        {own && (
          <Card
            title="Your tokens"
            description="They act as you, and can do no more than you."
            actions={<NewToken owner={{ kind: "self" }} ownerName="you" issue={issue} />}
          >
            <Streamed>
              <TokensOf actor={actor} label="Your tokens" query={{ whose: "own" }} empty={noneOfOnesOwn} />
            </Streamed>
          </Card>
        )}
        {all && (
          <Card title="Everybody else's" description="Tokens of service accounts and of other people.">
            <Streamed>
              <TokensOf
                actor={actor}
                label="Everybody else's tokens"
                query={{ whose: "others" }}
                withOwner
                empty={noneOfOthers}
              />
            </Streamed>
          </Card>
        )}
      </div>
    </>
  );
}

/** Each list comes as soon as it is there. */
const Streamed = ({ children }: { children: ReactNode }) => (
  <Suspense fallback={<Skeleton className="h-20 rounded-lg" />}>{children}</Suspense>
);

const noneOfOnesOwn = (
  <p className="p-3 text-soft">
    You have none. Workflows should use a service account's token: only those can fetch secrets.
  </p>
);

const noneOfOthers = (
  <Empty icon={Ticket} title="No tokens">
    Make one for a{" "}
    <Link href="/service-accounts" className="text-accent underline underline-offset-2">
      service account
    </Link>
    .
  </Empty>
);
