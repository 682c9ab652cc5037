"use client";

import { PlugZap } from "lucide-react";
import { useState } from "react";
import { TestReport as Report } from "@/components/credentials/test/test-report";
import type { TestRun } from "@/components/credentials/test/use-connection-test";
import type { Action } from "@/components/session/action";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { PublicError } from "@/lib/api/http/public-error";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import type { TestReport } from "@/lib/providers/report";

export interface TestActions {
  describe: Action<{ text: string }, KindForm>;
  tryOut: Action<{ text: string; values: Record<string, unknown> }, TestReport>;
}

interface Props {
  text: string;
  actions: TestActions;
  /** Gets what is wrong with the definition itself. */
  onRefused: (error: PublicError | undefined) => void;
}

/** Values for the definition as it stands, and how far a test gets with them. Nothing of it is stored. */
export function KindTestPanel({ text, actions, onRefused }: Props) {
  const [form, setForm] = useState<KindForm>();
  const [values, setValues] = useState<Record<string, string>>({});
  const [run, setRun] = useState<TestRun>({ phase: "idle" });
  const describe = useAction(actions.describe, {
    onDone: (described) => {
      onRefused(undefined);
      setForm(described);
    },
    onRefused,
  });
  const test = useAction(actions.tryOut, {
    onDone: (report) => {
      onRefused(undefined);
      setRun({ phase: "done", report, at: Date.now() });
    },
    onRefused: (error) => {
      if (error.fields.some(({ code }) => code === "definition")) {
        setRun({ phase: "idle" });
        onRefused(error);
      } else setRun({ phase: "refused", error });
    },
  });
  const start = () => {
    setRun({ phase: "running", steps: [], since: Date.now() });
    const given = (form?.fields ?? []).map(({ name }) => [name, values[name] ?? ""] as const);
    test.run({ text, values: Object.fromEntries(given.filter(([, value]) => value !== "")) });
  };
  return (
    <Card title="Test" description="Values are tried out as the definition says, and not stored.">
      <div className="space-y-4">
        <Button busy={describe.busy} onClick={() => describe.run({ text })}>
          {form ? "Read the fields again" : "Check, and show the fields"}
        </Button>
        {form?.fields
          .filter(({ hidden }) => !hidden)
          .map((field) => (
            <Field
              key={field.name}
              label={field.label}
              help={field.help}
              optional={field.optional !== undefined || field.kind === "boolean"}
            >
              {(wiring) => (
                <Input
                  {...wiring}
                  type={field.kind === "password" || field.kind === "url" || field.secret ? "password" : "text"}
                  value={values[field.name] ?? String(field.default ?? "")}
                  onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
                  placeholder={field.placeholder}
                  autoComplete="off"
                />
              )}
            </Field>
          ))}
        {form && (
          <Button busy={test.busy} onClick={start}>
            {!test.busy && <PlugZap aria-hidden />}
            Test
          </Button>
        )}
        <Report run={run} />
      </div>
    </Card>
  );
}
