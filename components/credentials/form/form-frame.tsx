"use client";

import type { ReactNode, SyntheticEvent } from "react";
import { FormProvider, type UseFormReturn } from "react-hook-form";
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
        {/* The bar with Save must not cover what gets the focus. */}
        <div className="[&_:is(input,select,textarea,button)]:scroll-mb-24 grid items-start gap-x-6 gap-y-5 lg:grid-cols-[minmax(0,38rem)_minmax(18rem,28rem)]">
          <div className="min-w-0 space-y-5">{children}</div>
          <aside aria-label="Connection test" className="min-w-0 lg:sticky lg:top-5">
            {aside}
          </aside>
        </div>
        {footer}
      </Form>
      <UnsavedGuard dirty={isDirty && !isSubmitSuccessful} />
    </FormProvider>
  );
}
