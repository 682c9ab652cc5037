"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { LinkPending } from "@/components/ui/link-pending";
import { brokenUsesOptions } from "../queries";

/** Told above the list: nothing in it shows a credential that is gone. */
export function BrokenUsesNotice() {
  const { data } = useInfiniteQuery(brokenUsesOptions());
  const total = data?.pages[0]?.total ?? 0;
  if (total === 0) return null;
  return (
    <Callout
      tone="warn"
      className="mb-3"
      title={
        total === 1
          ? "One registered task uses a deleted credential"
          : `${total.toLocaleString("en")} registered tasks use deleted credentials`
      }
      actions={
        <Button asChild size="small">
          <Link href="/credentials/uses">
            Show {total === 1 ? "it" : "them"}
            <LinkPending />
          </Link>
        </Button>
      }
    />
  );
}
