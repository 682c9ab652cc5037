"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Field } from "@/components/ui/field";
import { OnceAlive } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import type { PublicError } from "@/lib/api/http/public-error";
import { signInAction } from "@/lib/api/http/sign-in-action";

const SignIn = z.object({
  email: z.string().min(1, "Enter your e-mail address"),
  password: z.string().min(1, "Enter your password"),
  organization: z.string().optional(),
});
type SignIn = z.infer<typeof SignIn>;

export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<PublicError>();
  // Without values of its own, so that what the browser or its password manager filled in early stays.
  const form = useForm<SignIn>({ resolver: zodResolver(SignIn) });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  const submit = form.handleSubmit(async ({ organization, ...rest }) => {
    const result = await signInAction({ ...rest, ...(organization && { organization }), next });
    // A whole new page: nothing of the visitor who was here before stays in memory.
    if (result.ok) return window.location.assign(result.value.next);
    setError(result.error);
    form.setFocus(result.error.code === "conflict" ? "organization" : "password", { shouldSelect: true });
    throw result.error;
  });
  // Whoever has a password in several organisations may have to name one, and learns so by the first attempt.
  const mustName = error?.code === "conflict";
  const asksOrganization = mustName || error?.code === "unauthenticated";
  return (
    <form
      method="post"
      noValidate
      onSubmit={(event) => void submit(event).catch(() => {})}
      className="space-y-4 rounded-xl border border-line bg-surface p-5"
    >
      <h1 className="font-semibold text-xl">Sign in</h1>
      {error && <Callout tone="bad" live title={error.message} />}
      <Field label="E-mail address" error={errors.email?.message}>
        {(wiring) => <Input {...wiring} {...form.register("email")} type="email" autoComplete="username" autoFocus />}
      </Field>
      <Field label="Password" error={errors.password?.message}>
        {(wiring) => (
          <Input {...wiring} {...form.register("password")} type="password" autoComplete="current-password" />
        )}
      </Field>
      {asksOrganization && (
        <Field
          label={mustName ? "Organisation" : "Organisation (only if you are in several)"}
          help="Its full name, as its administrators wrote it."
          error={errors.organization?.message}
        >
          {(wiring) => <Input {...wiring} {...form.register("organization")} autoComplete="organization" />}
        </Field>
      )}
      <OnceAlive>
        <Button variant="primary" type="submit" busy={isSubmitting || isSubmitSuccessful} className="w-full">
          Sign in
        </Button>
      </OnceAlive>
      <p className="text-soft text-sm">Forgotten your password? Ask an administrator of your organisation.</p>
    </form>
  );
}
