"use client";

import type { ReactNode, SyntheticEvent } from "react";
import { FormProvider, type UseFormReturn } from "react-hook-form";
import { Beside } from "@/components/ui/beside";
import { Form } from "@/components/ui/form";
import { UnsavedGuard } from "@/components/ui/unsaved-guard";
import type { CredentialValues } from "./values";

interface Props {
  form: UseFormReturn<CredentialValues>;
  onSubmit: (event: SyntheticEvent) => void;
  /** The test, beside the fields where there is room. */
  aside: ReactNode;
  footer: ReactNode;
  children: ReactNode;
}

export function FormFrame({ form, onSubmit, aside, footer, children }: Props) {
  const { isDirty, isSubmitSuccessful } = form.formState;
  return (
    <FormProvider {...form}>
      <Form onSubmit={onSubmit} autoComplete="off" className="space-y-0">
        <Beside
          aside={
            <aside aria-label="Connection test" className="min-w-0 lg:sticky lg:top-5">
              {aside}
            </aside>
          }
        >
          {children}
        </Beside>
        {footer}
      </Form>
      <UnsavedGuard dirty={isDirty && !isSubmitSuccessful} />
    </FormProvider>
  );
}
