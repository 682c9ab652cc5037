"use client";

import { Save } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Action } from "@/components/session/action";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { UnsavedGuard } from "@/components/ui/unsaved-guard";
import type { PublicError } from "@/lib/api/http/public-error";
import type { KindView } from "@/lib/kinds";
import { KindTestPanel, type TestActions } from "./kind-test-panel";
import { ProblemList } from "./problem-list";

export interface EditorActions extends TestActions {
  add: Action<{ text: string }, KindView>;
  change: Action<{ id: string; text: string; expectedVersion: number }, KindView>;
}

interface Props {
  /** The kind that is edited; a new one where there is none. */
  kind?: { id: string; version: number; text: string };
  /** What the editor begins with. */
  initial: string;
  actions: EditorActions;
}

/** A definition as text: tried out before it is saved, with every problem by its line. */
export function KindEditor({ kind, initial, actions }: Props) {
  const [text, setText] = useState(initial);
  const [refused, setRefused] = useState<PublicError>();
  const area = useRef<HTMLTextAreaElement>(null);
  const router = useRouter();
  // A draft replaces what stands here.
  useEffect(() => setText(initial), [initial]);
  const saved = (stored: KindView) => {
    setRefused(undefined);
    toast.success(`“${stored.listing.label}” is saved`);
    router.push("/settings/kinds");
    router.refresh();
  };
  const add = useAction(actions.add, { onDone: saved, onRefused: setRefused });
  const change = useAction(actions.change, { onDone: saved, onRefused: setRefused });
  const busy = add.busy || change.busy;
  const save = () => {
    if (kind) change.run({ id: kind.id, text, expectedVersion: kind.version });
    else add.run({ text });
  };
  const isDefinition = refused?.fields.some(({ code }) => code === "definition") === true;
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card title="Definition" description="The form of the files that Latchkey's own kinds are written in.">
        <div className="space-y-3">
          {refused && !isDefinition && (
            <RefusalCallout error={refused} extra={refused.fields.map(({ message }) => message)} />
          )}
          {refused && isDefinition && <ProblemList error={refused} area={area} />}
          <Field label="Text (YAML)" error={isDefinition ? "Has problems: see above" : undefined}>
            {(wiring) => (
              <Textarea
                {...wiring}
                ref={area}
                value={text}
                onChange={(event) => setText(event.target.value)}
                spellCheck={false}
                autoComplete="off"
                rows={24}
                className="whitespace-pre overflow-x-auto"
              />
            )}
          </Field>
          <Button variant="primary" busy={busy} onClick={save}>
            {!busy && <Save aria-hidden />}
            {kind ? `Save as version ${kind.version + 1}` : "Save"}
          </Button>
        </div>
      </Card>
      <KindTestPanel text={text} actions={actions} onRefused={setRefused} />
      <UnsavedGuard dirty={text !== initial && !busy} />
    </div>
  );
}
