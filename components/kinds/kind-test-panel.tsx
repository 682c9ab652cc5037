"use client";

import { PlugZap } from "lucide-react";
import { useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { typedData } from "@/components/credentials/form/change";
import { MethodFields } from "@/components/credentials/form/method-fields";
import { credentialResolver } from "@/components/credentials/form/resolve";
import { useFill } from "@/components/credentials/form/use-fill";
import { markFailedStep } from "@/components/credentials/form/use-tested";
import { blankValues, type CredentialValues } from "@/components/credentials/form/values";
import { TestReport as Report } from "@/components/credentials/test/test-report";
import type { TestRun } from "@/components/credentials/test/use-connection-test";
import type { Action } from "@/components/session/action";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Form } from "@/components/ui/form";
import type { PublicError } from "@/lib/api/http/public-error";
import type { KindForm } from "@/lib/providers/catalog/kind-form";
import { providerOf } from "@/lib/providers/catalog/provider";
import type { Method } from "@/lib/providers/define";
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
  const { form, methods, method, take } = useDescribedForm();
  const fill = useFill(form, methods);
  const describe = useAction(actions.describe, {
    onDone: (described) => {
      onRefused(undefined);
      take(described);
    },
    onRefused,
  });
  const { run, busy, start } = useTryOut(actions.tryOut, form, onRefused);
  const submit = form.handleSubmit((values) => method && start(text, typedData(method, values)));
  return (
    <Card title="Test" description="Values are tried out as the definition says, and not stored.">
      <FormProvider {...form}>
        <Form onSubmit={(event) => void submit(event)} autoComplete="off">
          <Button busy={describe.busy} onClick={() => describe.run({ text })}>
            {method ? "Read the fields again" : "Check, and show the fields"}
          </Button>
          {method && (
            <>
              <MethodFields key={method.type} method={method} secrets={{}} onPaste={(pasted) => fill(pasted).ok} />
              <Button type="submit" busy={busy}>
                {!busy && <PlugZap aria-hidden />}
                Test
              </Button>
            </>
          )}
          <Report run={run} />
        </Form>
      </FormProvider>
    </Card>
  );
}

/** The credential form of the definition that was read last. What was typed stays for the fields that are there again. */
function useDescribedForm() {
  const [methods, setMethods] = useState<Method[]>([]);
  const form = useForm<CredentialValues>({
    defaultValues: blankValues([], "api_key"),
    resolver: credentialResolver({ methods }),
    mode: "onTouched",
  });
  const { dirtyFields } = form.formState;
  const take = (described: KindForm) => {
    const read = providerOf(described).methods;
    const blank = blankValues(read, read[0]?.type ?? "api_key");
    const typed = Object.entries(form.getValues("data")).filter(
      ([name, value]) => dirtyFields.data?.[name] && typeof value === typeof blank.data[name],
    );
    form.reset(blank);
    for (const [name, value] of typed) form.setValue(`data.${name}`, value, { shouldDirty: true });
    setMethods(read);
  };
  return { form, methods, method: methods[0], take };
}

function useTryOut(
  tryOut: TestActions["tryOut"],
  form: ReturnType<typeof useForm<CredentialValues>>,
  onRefused: Props["onRefused"],
) {
  const [run, setRun] = useState<TestRun>({ phase: "idle" });
  const test = useAction(tryOut, {
    onDone: (report) => {
      onRefused(undefined);
      setRun({ phase: "done", report, at: Date.now() });
      markFailedStep(form, report.steps);
    },
    onRefused: (error) => {
      if (error.fields.some(({ code }) => code === "definition")) {
        setRun({ phase: "idle" });
        onRefused(error);
        return;
      }
      setRun({ phase: "refused", error });
      for (const { path, message, code } of error.fields)
        if (path[0] === "values") form.setError(`data.${path[1]}`, { type: code, message });
    },
  });
  const start = (text: string, values: Record<string, unknown>) => {
    setRun({ phase: "running", steps: [], since: Date.now() });
    test.run({ text, values });
  };
  return { run, busy: test.busy, start };
}
