"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useDeferredValue } from "react";
import { listOptions } from "@/components/credentials/list/list-options";
import { ProviderIcon } from "@/components/credentials/provider-icon";
import { Hit } from "./hit";

const SHOWN = 8;

/** What the server finds; without a word, what changed last. Never what an earlier word found: Enter would open that. */
export function CredentialHits({ text, onGo }: { text: string; onGo: (href: string) => void }) {
  const q = useDeferredValue(text.trim()) || undefined;
  const found = useInfiniteQuery(listOptions({ q, sort: "-updated_at" }));
  const rows = found.data?.pages[0]?.items.slice(0, SHOWN) ?? [];
  if (rows.length === 0) return null;
  return (
    <Command.Group heading="Credentials">
      {rows.map((view) => (
        <Hit
          key={view.id}
          value={view.id}
          onSelect={() => onGo(`/credentials/${view.id}`)}
          icon={<ProviderIcon provider={view.provider} />}
          aside={view.summary}
        >
          {view.name}
        </Hit>
      ))}
    </Command.Group>
  );
}
