"use client";

import { type SyntheticEvent, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useSessionGuard } from "@/components/session/session-guard";
import type { ActionResult, PublicError } from "@/lib/api/http/public-error";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { showRefusal } from "./show-refusal";
import { focusFirstProblem, passed, type useTested } from "./use-tested";
import type { CredentialValues } from "./values";

interface Options {
  form: UseFormReturn<CredentialValues>;
  tested: ReturnType<typeof useTested>;
  /** Whether these values must have passed their test to be saved. */
  mustTest: (values: CredentialValues) => boolean;
  /** `receipt` proves that exactly these values were tested. */
  write: (values: CredentialValues, receipt: string | undefined) => Promise<ActionResult<CredentialView>>;
  onSaved: (view: CredentialView, tested: boolean) => void;
  /** True for a refusal that is shown some other way. */
  onRefused?: (error: PublicError) => boolean;
}

/** From a press on Save to stored, with the test in between where it is asked for. */
export function useSave({ form, tested, mustTest, write, onSaved, onRefused }: Options) {
  const [refusal, setRefusal] = useState<{ error: PublicError; extra: string[] }>();
  const guard = useSessionGuard();

  const proofFor = async (values: CredentialValues): Promise<string | undefined> => {
    const known = tested.freshness.state === "fresh" ? tested.tested : null;
    const proof = mustTest(values) && !(known && passed(known.outcome)) ? await tested.runTest() : known;
    if (mustTest(values) && !(proof && passed(proof.outcome))) throw new NotSaved();
    return proof?.receipt ?? undefined;
  };
  const save = form.handleSubmit(
    async (values) => {
      setRefusal(undefined);
      const receipt = await proofFor(values);
      const result = await guard(() => write(values, receipt));
      if (result.ok) return onSaved(result.value, receipt !== undefined);
      if (!onRefused?.(result.error)) setRefusal({ error: result.error, extra: showRefusal(form, result.error) });
      throw new NotSaved();
    },
    () => focusFirstProblem(form),
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save(event).catch((error: unknown) => {
      if (!(error instanceof NotSaved)) throw error;
    });
  };
  return { refusal, submit };
}

/** Tells the form that its submit did not succeed; what happened is on the page already. */
class NotSaved extends Error {}
