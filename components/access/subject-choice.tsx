"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useDeferredValue, useId, useState } from "react";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { FoundSubject } from "@/lib/access";
import type { SubjectKind } from "@/lib/vocabulary/access";
import { subjectsOptions } from "./access-query";
import { subjectLabels } from "./words";

interface Props {
  chosen: FoundSubject | undefined;
  onChoose: (subject: FoundSubject) => void;
  error?: string | undefined;
  /** Which kinds are offered, the first one first. */
  kinds?: readonly SubjectKind[];
  /** Where they are looked for, if not among all to whom access can be given. */
  find?: typeof subjectsOptions;
}

const ALL: readonly SubjectKind[] = ["service_account", "group", "user"];

const none: Record<SubjectKind, ReactNode> = {
  service_account: "No program matches. Programs are made at Service accounts.",
  group: "No group matches. Groups are made at Groups.",
  user: "Nobody matches. People are invited at People.",
};

/** One program, group or person, looked for by name. */
export function SubjectChoice({ chosen, onChoose, error, kinds = ALL, find = subjectsOptions }: Props) {
  const [kind, setKind] = useState<SubjectKind>(chosen?.kind ?? kinds[0] ?? "user");
  const [text, setText] = useState("");
  const id = useId();
  const q = useDeferredValue(text.trim());
  const found = useQuery(find(kind, q));
  return (
    <div className="space-y-2">
      {kinds.length > 1 && (
        <Segmented
          label="Who gets it"
          labelHidden={false}
          value={kind}
          options={kinds.map((one) => ({ value: one, label: subjectLabels[one] }))}
          onChange={setKind}
        />
      )}
      <Input
        type="search"
        aria-label={`Look for a ${subjectLabels[kind].toLowerCase()} by name`}
        placeholder="Part of the name"
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      {found.isError ? (
        <RefusalCallout
          error={refusalOf(found.error)}
          actions={
            <Button size="small" onClick={() => void found.refetch()}>
              Try again
            </Button>
          }
        />
      ) : (
        <fieldset
          className="h-36 overflow-y-auto rounded-md border border-line p-1"
          {...(error && { "aria-describedby": `${id}-error` })}
        >
          <legend className="sr-only">{subjectLabels[kind]}</legend>
          {found.isPending && <Skeleton className="m-2 w-1/2" />}
          {found.data?.map((subject) => (
            <label
              key={subject.id}
              className="flex items-start gap-2 rounded px-2 py-1 has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name={id}
                className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
                checked={chosen?.id === subject.id}
                onChange={() => onChoose(subject)}
              />
              <span className="wrap-anywhere min-w-0">
                {subject.name}
                {subject.detail && <span className="block text-soft text-xs">{subject.detail}</span>}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <p role="status" className="text-soft text-sm">
        {found.data?.length === 0 && none[kind]}
      </p>
      {error && (
        <p id={`${id}-error`} className="text-bad text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
