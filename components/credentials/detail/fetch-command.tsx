"use client";

import Link from "next/link";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { useInBrowser } from "@/components/ui/use-in-browser";

/** How a program gets the plain values: the whole command, but for its token. */
export function FetchCommand({ id }: { id: string }) {
  // The page is served at one address only, which is the one that programs use.
  const origin = useInBrowser() ? window.location.origin : "";
  const command = `curl -s ${origin}/api/integrations/credentials/${id}/credentials \\\n  -H "Authorization: Bearer $TOKEN"`;
  return (
    <Card
      title="How a program fetches it"
      description="With the token of a service account in TOKEN. Each fetch is on record."
      className="xl:col-span-2"
    >
      <div className="flex items-start gap-2">
        <pre className="wrap-anywhere min-w-0 flex-1 whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-sm">
          <code>{command}</code>
        </pre>
        <CopyButton text={command} what="the command" />
      </div>
      <p className="mt-2 text-soft text-sm">
        Tokens are made at{" "}
        <Link href="/service-accounts" className="text-accent underline underline-offset-2">
          Service accounts
        </Link>
        .
      </p>
    </Card>
  );
}
