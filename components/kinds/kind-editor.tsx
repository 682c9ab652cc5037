"use client";

import { Save } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
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
import type { KindView } from "@/lib/own-kinds";
import { type EditedKind, KindConflict } from "./kind-conflict";
import { KindTestPanel, type TestActions } from "./kind-test-panel";
import { ProblemList } from "./problem-list";

export interface EditorActions extends TestActions {
  add: Action<{ text: string }, KindView>;
  change: Action<{ id: string; text: string; expectedVersion: number }, KindView>;
}

interface Props {
  /** The kind that is edited, as it is stored now; a new one where there is none. */
  kind?: EditedKind;
  /** What a new one begins with. */
  initial?: string;
  actions: EditorActions;
}

/** A definition as text: tried out before it is saved, with every problem by its line. */
export function KindEditor({ kind, initial = "", actions }: Props) {
  // What the edit was made from: what is stored may have moved on.
  const [base, setBase] = useState(kind);
  const [text, setText] = useState(kind?.text ?? initial);
  const [refused, setRefused] = useState<PublicError>();
  const area = useRef<HTMLTextAreaElement>(null);
  const router = useRouter();
  const saved = (stored: KindView) => {
    setRefused(undefined);
    toast.success(`“${stored.listing.label}” is saved`);
    router.push("/settings/kinds");
    router.refresh();
  };
  const add = useAction(actions.add, { onDone: saved, onRefused: setRefused });
  const change = useAction(actions.change, {
    onDone: saved,
    onRefused: (error) => {
      setRefused(error);
      // Brings what is stored now; what is typed stays.
      if (error.code === "version_mismatch") router.refresh();
    },
  });
  const busy = add.busy || change.busy;
  const save = () => {
    if (base) change.run({ id: base.id, text, expectedVersion: base.version });
    else add.run({ text });
  };
  const settle = (next: string) => {
    setBase(kind);
    setText(next);
    setRefused(undefined);
  };
  const isDefinition = refused?.fields.some(({ code }) => code === "definition") === true;
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Card title="Definition" description="The form of the files that Latchkey's own kinds are written in.">
        <div className="space-y-3">
          {base && refused?.code === "version_mismatch" ? (
            <KindConflict
              base={base.text}
              mine={text}
              theirs={kind && kind.version > base.version ? kind : undefined}
              onSettle={settle}
            />
          ) : (
            refused &&
            !isDefinition && <RefusalCallout error={refused} extra={refused.fields.map(({ message }) => message)} />
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
            {base ? `Save as version ${base.version + 1}` : "Save"}
          </Button>
        </div>
      </Card>
      <KindTestPanel text={text} actions={actions} onRefused={setRefused} />
      <UnsavedGuard dirty={text !== (base?.text ?? initial) && !busy} />
    </div>
  );
}
