"use client";

import { Search, SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { offeredProviders, searchProviders } from "./offered";
import { ProviderTiles } from "./provider-tiles";

/** `used`: providers that this organisation already has credentials of; they come first. */
export function ProviderPicker({ used }: { used: string[] }) {
  const [text, setText] = useState("");
  const router = useRouter();
  const found = searchProviders(offeredProviders(), text);
  const known = found.filter((provider) => used.includes(provider.id));
  const rest = found.filter((provider) => !used.includes(provider.id));
  const first = known[0] ?? rest[0];
  const openFirst = (event: FormEvent) => {
    event.preventDefault();
    if (first) router.push(`/credentials/new/${first.id}`);
  };
  return (
    <div className="space-y-5">
      <search>
        <form onSubmit={openFirst} className="relative max-w-md">
          <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-soft" />
          <Input
            type="search"
            aria-label="Search providers"
            aria-describedby="picker-hint"
            placeholder="Postgres, ssh, e-mail, …"
            autoComplete="off"
            autoFocus
            className="pl-8"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
        <p id="picker-hint" role="status" className="mt-1.5 text-soft text-sm">
          {found.length === 0
            ? "Nothing found."
            : text && first
              ? `Enter opens ${first.label}.`
              : "Type to search; Enter opens the first one."}
        </p>
      </search>
      {found.length === 0 && (
        <Empty
          icon={SearchX}
          title={`Nothing is called “${text}”`}
          actions={<Button onClick={() => setText("")}>Show all providers</Button>}
        >
          Try another word, such as the kind of system: database, files, mail.
        </Empty>
      )}
      {known.length > 0 && <Group title="Used here" list={known} />}
      {rest.length > 0 && <Group title={known.length > 0 ? "More" : "All"} list={rest} />}
    </div>
  );
}

const Group = ({ title, list }: { title: string; list: ReturnType<typeof offeredProviders> }) => (
  <section aria-label={title}>
    <h2 className="mb-2 font-semibold text-soft text-sm">{title}</h2>
    <ProviderTiles list={list} />
  </section>
);
