"use client";

import { useMutation } from "@tanstack/react-query";
import type { PublicError } from "@/lib/api/http/public-error";
import type { Action } from "./action";
import { useSessionGuard } from "./session-guard";
import { useAttempt } from "./use-attempt";

class Refused extends Error {
  constructor(readonly refusal: PublicError) {
    super(refusal.message);
  }
}

interface Handlers<Input, Output> {
  onDone?: (value: Output, input: Input) => unknown;
  onRefused?: (error: PublicError, input: Input) => void;
}

/** A write with its pending state and its refusal. */
export function useAction<Input, Output>(
  action: Action<Input, Output>,
  { onDone, onRefused }: Handlers<Input, Output> = {},
) {
  const guard = useSessionGuard();
  const attempts = useAttempt();
  const mutation = useMutation<Output, Refused, Input>({
    mutationFn: async (input) => {
      const result = await guard(() => action(input, attempts.of(input)));
      if (!result.ok) throw new Refused(result.error);
      attempts.done();
      return result.value;
    },
    onSuccess: (value, input) => onDone?.(value, input),
    onError: (refused, input) => onRefused?.(refused.refusal, input),
  });
  return { run: mutation.mutate, busy: mutation.isPending, error: mutation.error?.refusal, reset: mutation.reset };
}
