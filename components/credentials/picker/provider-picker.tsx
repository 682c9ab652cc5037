"use client";

import { Search, SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { type Group as GroupName, groups } from "@/lib/providers/define";
import type { Listing } from "@/lib/providers/listing";
import { useOwnKinds } from "../own-kinds";
import { offeredProviders, searchProviders } from "./offered";
import { ProviderTiles } from "./provider-tiles";

const GROUPS: Record<GroupName, string> = {
  data: "Databases, caches and vector stores",
  models: "AI models",
  search: "Web search and documents",
  work: "Mail, office and development",
  files: "Files",
  observe: "Tracing and evaluation",
  generic: "Any HTTP service",
};

/** `used`: providers that this organisation already has credentials of; they come first. */
export function ProviderPicker({ used }: { used: string[] }) {
  const own = useOwnKinds();
  const [text, setText] = useState("");
  const router = useRouter();
  const sections = useMemo(() => sectionsOf(text, used, own), [text, used, own]);
  const first = sections[0]?.list[0];
  const found = sections.reduce((sum, { list }) => sum + list.length, 0);
  const openFirst = (event: FormEvent) => {
    event.preventDefault();
    if (first) router.push(`/credentials/new/${first.id}`);
  };
  const { area, onKeyDown } = useArrows();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a second way between links and field
    <div ref={area} onKeyDown={onKeyDown} className="space-y-5">
      <search>
        <form onSubmit={openFirst} className="relative max-w-md">
          <Search aria-hidden className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-soft" />
          <Input
            type="search"
            aria-label="Search providers"
            aria-describedby="picker-hint"
            placeholder="Postgres, ssh, OpenAI, e-mail, …"
            autoComplete="off"
            autoFocus
            className="pl-8"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
        <p id="picker-hint" role="status" className="mt-1.5 text-soft text-sm">
          {hint(text, first, found)}
        </p>
      </search>
      {!first && (
        <Empty
          icon={SearchX}
          title={`Nothing is called “${text}”`}
          actions={<Button onClick={() => setText("")}>Show all providers</Button>}
        >
          Try another word, such as the kind of system: database, files, mail, models.
        </Empty>
      )}
      {text === "" && <Jumps sections={sections} />}
      {sections.map((section) => (
        <Section key={section.id} {...section} />
      ))}
    </div>
  );
}

interface SectionProps {
  id: string;
  title: string;
  list: Listing[];
}

/** In drawers while nothing is typed; then one list, the best first. */
function sectionsOf(text: string, used: string[], own: readonly Listing[]): SectionProps[] {
  const found = searchProviders(offeredProviders(own), text);
  const known = found.filter((provider) => used.includes(provider.id));
  const rest = found.filter((provider) => !used.includes(provider.id));
  const drawers =
    text.trim() === ""
      ? groups.map((id) => ({
          id,
          title: GROUPS[id],
          list: oursFirst(rest.filter((one) => one.group === id && !own.includes(one))),
        }))
      : [{ id: "found", title: known.length > 0 ? "More" : "Found", list: rest }];
  const ids = own.map(({ id }) => id);
  const ours = text.trim() === "" ? rest.filter(({ id }) => ids.includes(id)) : [];
  return [
    { id: "used", title: "Used here", list: known },
    { id: "own", title: "Your own", list: ours },
    ...drawers,
  ].filter(({ list }) => list.length > 0);
}

/** Our own know more of their system than those that files describe. */
const oursFirst = (list: Listing[]): Listing[] =>
  list.sort((a, b) => Number(a.monogram !== undefined) - Number(b.monogram !== undefined));

function hint(text: string, first: Listing | undefined, found: number): string {
  if (!first) return "Nothing found.";
  return text.trim() === ""
    ? `${found} providers. Type to search; Enter opens the first one, the arrow keys lead through the list.`
    : `${found} found. Enter opens ${first.label}.`;
}

const Jumps = ({ sections }: { sections: SectionProps[] }) => (
  <nav aria-label="Kinds of systems">
    <ul className="flex flex-wrap gap-1.5">
      {sections.map(({ id, title, list }) => (
        <li key={id}>
          <a
            href={`#kind-${id}`}
            className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 text-sm text-soft hover:border-accent hover:text-ink"
          >
            {title} <span className="tabular-nums text-xs">{list.length}</span>
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

const Section = ({ id, title, list }: SectionProps) => (
  <section id={`kind-${id}`} aria-label={title} className="scroll-mt-4">
    <h2 className="mb-2 font-semibold text-soft text-sm">{title}</h2>
    <ProviderTiles list={list} />
  </section>
);

/** Down from the search field into the tiles, through them, and up again. */
function useArrows() {
  const area = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const field = area.current?.querySelector("input");
    if (!step || !field) return;
    const stops: (Element | null)[] = [field, ...(area.current?.querySelectorAll("section a") ?? [])];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  };
  return { area, onKeyDown };
}
