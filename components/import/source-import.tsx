"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useReducer, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Form } from "@/components/ui/form";
import type { SourceDefinition } from "@/lib/importers";
import { emptyFields, fieldsOf, type ImportFields, inputFrom } from "./fields";
import { ImportResult } from "./import-result";
import { SourceFields } from "./source-fields";
import { type ImportInput, useImport } from "./use-import";
import { Working } from "./working";

/** The form of one source, and under it what came of it. */
export function SourceImport({ source }: { source: SourceDefinition }) {
  const form = useForm<ImportFields>({ resolver: zodResolver(fieldsOf(source)), defaultValues: emptyFields });
  const { state, start, forget } = useImport();
  const [homeless, setHomeless] = useState<string[]>([]);
  // A file input can be emptied only by another one in its place.
  const [round, nextRound] = useReducer((before: number) => before + 1, 0);
  const run = async (input: ImportInput, dryRun: boolean) => {
    const result = await start(input, dryRun);
    if (result && !result.ok) setHomeless(applyProblems(form, result.error));
    // What was imported needs its key no longer: it should not stay on a screen that somebody leaves open.
    if (result?.ok && !dryRun) {
      form.reset(emptyFields);
      nextRound();
    }
  };
  const busy = state.phase === "running";
  return (
    <FormProvider {...form}>
      <Card title={`Export from ${source.label}`} description={source.description} className="max-w-3xl">
        <ol className="mb-4 list-decimal space-y-0.5 pl-5 text-soft">
          {source.steps.map((step) => (
            <li key={step} className="wrap-anywhere">
              {step}
            </li>
          ))}
        </ol>
        <Form
          onChange={() => state.phase !== "running" && forget()}
          onSubmit={(event) => void form.handleSubmit((fields) => run(inputFrom(source, fields), true))(event)}
        >
          {state.phase === "refused" && <RefusalCallout error={state.error} extra={homeless} />}
          <SourceFields key={round} source={source} disabled={busy} />
          <Button variant="primary" type="submit" busy={busy}>
            Preview
          </Button>
        </Form>
      </Card>
      {busy && <Working dryRun={state.dryRun} progress={state.progress} />}
      {state.phase === "done" && (
        <ImportResult
          report={state.report}
          onImport={() => void run(state.input, false)}
          key={String(state.report.dryRun)}
        />
      )}
    </FormProvider>
  );
}
