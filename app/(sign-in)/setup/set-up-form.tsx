"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import type { z } from "zod";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { unreachable } from "@/components/session/unreachable";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import type { PublicError } from "@/lib/api/http/public-error";
import { signInAction } from "@/lib/api/http/sign-in-action";
import { setUpAction } from "./actions";
import { SetUpFields } from "./input";

type Values = z.infer<typeof SetUpFields>;

export function SetUpForm({ token }: { token: string }) {
  const [error, setError] = useState<PublicError>();
  const [done, setDone] = useState(false);
  const form = useForm<Values>({
    resolver: zodResolver(SetUpFields),
    defaultValues: { organization: "", name: "", email: "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    const made = await setUpAction({ ...values, token }).catch(() => ({ ok: false as const, error: unreachable }));
    if (!made.ok) {
      applyProblems(form, made.error);
      return setError(made.error);
    }
    setDone(true);
    const signedIn = await signInAction({ email: values.email, password: values.password });
    window.location.assign(signedIn.ok ? signedIn.value.next : "/sign-in");
  });
  return (
    <Form onSubmit={(event) => void submit(event)} className="rounded-xl border border-line bg-surface p-5">
      <div className="space-y-1">
        <h1 className="font-semibold text-xl">Set up Latchkey</h1>
        <p className="text-soft">You become its first administrator.</p>
      </div>
      {error && <RefusalCallout error={error} />}
      <Field label="Organisation" error={errors.organization?.message}>
        {(wiring) => <Input {...wiring} {...form.register("organization")} autoComplete="organization" autoFocus />}
      </Field>
      <Field label="Your name" error={errors.name?.message}>
        {(wiring) => <Input {...wiring} {...form.register("name")} autoComplete="name" />}
      </Field>
      <Field label="E-mail address" help="You sign in with it." error={errors.email?.message}>
        {(wiring) => <Input {...wiring} {...form.register("email")} type="email" autoComplete="username" />}
      </Field>
      <Field
        label="Password"
        help="At least 12 characters; several words are easiest."
        error={errors.password?.message}
      >
        {(wiring) => <Input {...wiring} {...form.register("password")} type="password" autoComplete="new-password" />}
      </Field>
      <Button variant="primary" type="submit" busy={isSubmitting || done} className="w-full">
        Set up
      </Button>
    </Form>
  );
}
