"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useState } from "react";
import { facetsOptions, listOptions } from "@/components/credentials/list/list-options";
import { providerLabel } from "@/components/credentials/messages";
import { OwnKindsAsked, useOwnKinds } from "@/components/credentials/own-kinds";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { Reach, ReachKind } from "@/lib/vocabulary/access";

const labels: Record<ReachKind, string> = {
  credential: "One credential",
  tag: "A tag",
  kind: "A kind",
  all: "Everything",
};

interface Props {
  /** Which of them the viewer may give. */
  offered: readonly ReachKind[];
  onChoose: (reach: Reach | undefined) => void;
  error?: string | undefined;
}

/** What a grant is given over. */
export function ReachChoice({ offered, onChoose, error }: Props) {
  const [kind, setKind] = useState<ReachKind>(offered[0] ?? "credential");
  const change = (next: ReachKind) => {
    setKind(next);
    onChoose(next === "all" ? { reach: "all", key: "" } : undefined);
  };
  const choose = (key: string) => onChoose(key === "" ? undefined : { reach: kind, key });
  return (
    <div className="space-y-2">
      <Segmented
        label="Over what"
        labelHidden={false}
        value={kind}
        options={offered.map((value) => ({ value, label: labels[value] }))}
        onChange={change}
      />
      {kind === "credential" && <CredentialSearch onChoose={choose} error={error} />}
      {kind === "tag" && <TagChoice onChoose={choose} error={error} />}
      {kind === "kind" && (
        <OwnKindsAsked>
          <KindChoice onChoose={choose} error={error} />
        </OwnKindsAsked>
      )}
      {kind === "all" && <Callout tone="warn">Every credential there is, and every one that is made later.</Callout>}
    </div>
  );
}

interface PartProps {
  onChoose: (key: string) => void;
  error?: string | undefined;
}

const SHOWN = 20;

function CredentialSearch({ onChoose, error }: PartProps) {
  const [text, setText] = useState("");
  const id = useId();
  const found = useInfiniteQuery(listOptions({ q: useDeferredValue(text.trim()) || undefined, sort: "name" }));
  const rows = found.data?.pages[0]?.items.slice(0, SHOWN) ?? [];
  return (
    <>
      <Input
        type="search"
        aria-label="Look for a credential"
        placeholder="Part of the name"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      <fieldset
        className="h-36 overflow-y-auto rounded-md border border-line p-1"
        {...(error && { "aria-describedby": `${id}-error` })}
      >
        <legend className="sr-only">Credential</legend>
        {rows.map(({ id: key, name, summary }) => (
          <label
            key={key}
            className="flex items-start gap-2 rounded px-2 py-1 has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={id}
              className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
              onChange={() => onChoose(key)}
            />
            <span className="wrap-anywhere min-w-0">
              {name}
              {summary !== "" && <span className="block text-soft text-xs">{summary}</span>}
            </span>
          </label>
        ))}
      </fieldset>
      <p role="status" className="text-soft text-sm">
        {found.data && rows.length === 0 && "No credential matches."}
        {found.isError && "The credentials did not come. Type again to look once more."}
      </p>
      {error && (
        <p id={`${id}-error`} className="text-bad text-sm">
          {error}
        </p>
      )}
    </>
  );
}

function TagChoice({ onChoose, error }: PartProps) {
  const facets = useQuery(facetsOptions());
  const list = useId();
  return (
    <Field label="Tag" help="Every credential that has it, now or later." error={error}>
      {(wiring) => (
        <>
          <Input {...wiring} list={list} autoComplete="off" onChange={({ target }) => onChoose(target.value.trim())} />
          <datalist id={list}>
            {facets.data?.tags.map(({ value }) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function KindChoice({ onChoose, error }: PartProps) {
  const facets = useQuery(facetsOptions());
  const own = useOwnKinds();
  return (
    <Field label="Kind" help="Every credential of this kind, now or later." error={error}>
      {(wiring) => (
        <Select {...wiring} defaultValue="" onChange={({ target }) => onChoose(target.value)}>
          <option value="">Choose a kind</option>
          {facets.data?.providers.map(({ value }) => (
            <option key={value} value={value}>
              {providerLabel(value, own)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
