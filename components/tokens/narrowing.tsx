"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useDeferredValue, useId, useState } from "react";
import { rightLabels } from "@/components/access/words";
import { facetsOptions, listOptions } from "@/components/credentials/list/list-options";
import { providerLabel } from "@/components/credentials/messages";
import { OwnKindsAsked, useOwnKinds } from "@/components/credentials/own-kinds";
import { credentialOptions } from "@/components/credentials/queries";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { rights } from "@/lib/vocabulary/access";
import type { TypedLimits } from "./limit-words";

interface Props {
  value: TypedLimits;
  onChange: (value: TypedLimits) => void;
  /** The server's words about one of its parts. */
  problem: (part: keyof TypedLimits) => string | undefined;
  /** Whether it is open from the start. */
  open?: boolean;
}

/** What a token is narrowed to, within what its owner may do. What is left empty narrows nothing. */
export function Narrowing({ value, onChange, problem, open = false }: Props) {
  const change = (changed: Partial<TypedLimits>) => onChange({ ...value, ...changed });
  return (
    <details open={open} className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer font-medium">Narrow it</summary>
      <div className="mt-2 space-y-4">
        <p className="text-soft text-sm">
          It never goes further than its owner. What is left empty here narrows nothing.
        </p>
        <Boxes
          legend="Only these rights"
          options={rights.map((right) => ({ value: right, label: rightLabels[right] }))}
          chosen={value.rights}
          onChange={(chosen) => change({ rights: rights.filter((right) => chosen.includes(right)) })}
        />
        <Credentials chosen={value.credentialIds} onChange={(credentialIds) => change({ credentialIds })} />
        <Field label="Only with one of these tags" optional help="Separated by commas." error={problem("tags")}>
          {(wiring) => (
            <Input
              {...wiring}
              autoComplete="off"
              value={value.tags}
              onChange={({ target }) => change({ tags: target.value })}
            />
          )}
        </Field>
        <OwnKindsAsked>
          <Kinds chosen={value.kinds} onChange={(kinds) => change({ kinds })} />
        </OwnKindsAsked>
        <Field
          label="Only from these networks"
          optional
          help="In CIDR form, separated by commas, such as 10.20.0.0/16. Sent from anywhere else it is refused."
          error={problem("networks")}
        >
          {(wiring) => (
            <Input
              {...wiring}
              autoComplete="off"
              spellCheck={false}
              value={value.networks}
              onChange={({ target }) => change({ networks: target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}

interface BoxesProps {
  legend: string;
  options: { value: string; label: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

const Boxes = ({ legend, options, chosen, onChange }: BoxesProps) => (
  <fieldset>
    <legend className="font-medium">
      {legend} <span className="font-normal text-soft">(optional)</span>
    </legend>
    <ul className="mt-1 flex max-h-32 flex-wrap gap-x-4 gap-y-1 overflow-y-auto">
      {options.map(({ value, label }) => (
        <li key={value}>
          <label className="inline-flex min-h-6 items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={chosen.includes(value)}
              onChange={({ target }) =>
                onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
              }
            />
            {label}
          </label>
        </li>
      ))}
    </ul>
  </fieldset>
);

function Kinds({ chosen, onChange }: Pick<BoxesProps, "chosen" | "onChange">) {
  const facets = useQuery(facetsOptions());
  const own = useOwnKinds();
  const used = facets.data?.providers.map(({ value }) => value) ?? [];
  const offered = [...new Set([...chosen, ...used])];
  if (offered.length === 0) return null;
  return (
    <Boxes
      legend="Only of these kinds"
      options={offered.map((value) => ({ value, label: providerLabel(value, own) }))}
      chosen={chosen}
      onChange={onChange}
    />
  );
}

const SHOWN = 6;

function Credentials({ chosen, onChange }: { chosen: readonly string[]; onChange: (chosen: string[]) => void }) {
  const [text, setText] = useState("");
  const id = useId();
  const q = useDeferredValue(text.trim());
  const found = useInfiniteQuery({ ...listOptions({ q: q || undefined, sort: "name" }), enabled: q !== "" });
  const hits = found.data?.pages[0]?.items.filter((one) => !chosen.includes(one.id)).slice(0, SHOWN) ?? [];
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block font-medium">
        Only these credentials <span className="font-normal text-soft">(optional)</span>
      </label>
      {chosen.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {chosen.map((one) => (
            <li key={one}>
              <Chosen id={one} onRemove={() => onChange(chosen.filter((other) => other !== one))} />
            </li>
          ))}
        </ul>
      )}
      <Input
        id={id}
        type="search"
        placeholder="Part of the name"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      {q !== "" && (
        <ul className="space-y-1">
          {hits.map((one) => (
            <li key={one.id}>
              <Button
                size="small"
                className="max-w-full"
                onClick={() => {
                  onChange([...chosen, one.id]);
                  setText("");
                }}
              >
                <span className="truncate">Add {one.name}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="text-soft text-sm">
        {q !== "" && found.data && hits.length === 0 && "No other credential matches."}
      </p>
    </div>
  );
}

function Chosen({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { data } = useQuery(credentialOptions(id));
  const name = data?.name ?? id;
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-full bg-sunken py-0.5 pr-1 pl-2.5 text-sm">
      <span className="truncate">{name}</span>
      <Button variant="quiet" size="icon" className="size-6" aria-label={`Leave out ${name}`} onClick={onRemove}>
        <X aria-hidden />
      </Button>
    </span>
  );
}
