"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useSyncExternalStore } from "react";
import { FeedError, refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { unreachable } from "@/components/session/unreachable";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/skeleton";
import { signOutHere } from "@/lib/api/http/sign-in-action";
import type { OpenedLink } from "@/lib/identity";
import { openJoinLink } from "./actions";
import { SetPassword } from "./set-password";

interface Props {
  /** Who is at this browser, if anybody. */
  signedIn: { email: string; organization: string } | null;
}

/** What the link is for, and what to do with it. */
export function Join({ signedIn }: Props) {
  const secret = useFragment();
  const found = useQuery({
    queryKey: ["join", secret],
    queryFn: () => ask(secret ?? ""),
    enabled: secret !== null,
    // Whatever becomes of it, a look that was answered stays answered.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (found.isError) return <NoAnswer error={found.error} retry={() => void found.refetch()} />;
  if (secret === null || found.isPending) return <Looking />;
  if (!found.data) return <NotValid />;
  const link = found.data;
  const isSelf = signedIn?.email === link.email && signedIn.organization === link.organization;
  if (signedIn && !isSelf) return <SomebodyElse signedIn={signedIn} link={link} />;
  return <SetPassword link={link} secret={secret} onNotValid={() => void found.refetch()} />;
}

async function ask(secret: string): Promise<OpenedLink | null> {
  const answer = await openJoinLink({ secret }).catch(() => ({ ok: false as const, error: unreachable }));
  if (!answer.ok) throw new FeedError(answer.error);
  return answer.value;
}

/** What stands behind the # of the address; null until a browser has read it. */
const useFragment = (): string | null =>
  useSyncExternalStore(
    (listener) => {
      window.addEventListener("hashchange", listener);
      return () => window.removeEventListener("hashchange", listener);
    },
    () => window.location.hash.slice(1),
    () => null,
  );

const Frame = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="space-y-3 rounded-xl border border-line bg-surface p-5">
    <h1 className="font-semibold text-xl">{title}</h1>
    {children}
  </div>
);

const Looking = () => (
  <Frame title="One moment">
    <p role="status" className="text-soft">
      Looking at your link…
    </p>
    <Skeleton className="h-9" />
    <Skeleton className="h-9" />
  </Frame>
);

const NoAnswer = ({ error, retry }: { error: unknown; retry: () => void }) => (
  <Frame title="Your link could not be looked at">
    <RefusalCallout
      error={refusalOf(error)}
      actions={
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      }
    />
  </Frame>
);

const NotValid = () => (
  <Frame title="This link does not work any more">
    <p>It was used, it is too old, or a newer one took its place. Ask your administrator for a new one.</p>
    <p>
      Have you set your password already? Then{" "}
      <Link href="/sign-in" className="text-accent underline underline-offset-2">
        sign in
      </Link>
      .
    </p>
  </Frame>
);

const SomebodyElse = ({ signedIn, link }: { signedIn: NonNullable<Props["signedIn"]>; link: OpenedLink }) => (
  <Frame title="Somebody else is signed in">
    <p className="wrap-anywhere">
      This link is for <strong>{link.email}</strong> in {link.organization}. In this browser {signedIn.email} is signed
      in to {signedIn.organization}.
    </p>
    <Button variant="primary" className="w-full" onClick={() => void signOutHere().then(() => location.reload())}>
      Sign out and go on
    </Button>
    <Button asChild className="w-full">
      <Link href="/credentials">Stay signed in</Link>
    </Button>
  </Frame>
);
