"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { applyProblems } from "@/components/session/apply-problems";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { unreachable } from "@/components/session/unreachable";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import type { PublicError } from "@/lib/api/http/public-error";
import { signInAction } from "@/lib/api/http/sign-in-action";
import type { OpenedLink } from "@/lib/identity";
import { acceptJoinLink } from "./actions";

const Fields = z
  .object({
    password: z.string().min(12, "At least 12 characters").max(256, "At most 256 characters"),
    again: z.string(),
  })
  .refine(({ password, again }) => password === again, { path: ["again"], message: "Is not the same as the password" });
type Fields = z.infer<typeof Fields>;

const words = {
  invite: {
    title: ({ name }: OpenedLink) => `Welcome, ${name}`,
    text: ({ organization }: OpenedLink) => `You were invited to ${organization}. Choose a password to come in.`,
    button: "Set the password and sign in",
  },
  reset: {
    title: () => "Choose a new password",
    text: ({ organization }: OpenedLink) => `For your account in ${organization}. The old one stops working.`,
    button: "Set the new password and sign in",
  },
};

interface Props {
  link: OpenedLink;
  secret: string;
  /** The link was used or replaced meanwhile. */
  onNotValid: () => void;
}

export function SetPassword({ link, secret, onNotValid }: Props) {
  const [error, setError] = useState<PublicError>();
  const [done, setDone] = useState(false);
  const form = useForm<Fields>({ resolver: zodResolver(Fields), defaultValues: { password: "", again: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ password }) => {
    const set = await acceptJoinLink({ secret, password }).catch(() => ({ ok: false as const, error: unreachable }));
    if (!set.ok) {
      if (set.error.code === "not_found") return onNotValid();
      applyProblems(form, set.error);
      return setError(set.error);
    }
    setDone(true);
    const signedIn = await signInAction({ ...set.value, password });
    // A whole new page, and no way back to the spent link.
    window.location.replace(signedIn.ok ? signedIn.value.next : "/sign-in");
  });
  const { title, text, button } = words[link.kind];
  return (
    <Form onSubmit={(event) => void submit(event)} className="rounded-xl border border-line bg-surface p-5">
      <div className="space-y-1">
        <h1 className="wrap-anywhere font-semibold text-xl">{title(link)}</h1>
        <p className="text-soft">{text(link)}</p>
      </div>
      {error && <RefusalCallout error={error} />}
      <Field label="E-mail address" help="You sign in with it.">
        {(wiring) => <Input {...wiring} type="email" autoComplete="username" value={link.email} readOnly />}
      </Field>
      <Field
        label="Password"
        help="At least 12 characters; several words are easiest."
        error={errors.password?.message}
      >
        {(wiring) => (
          <Input {...wiring} {...form.register("password")} type="password" autoComplete="new-password" autoFocus />
        )}
      </Field>
      <Field label="Password again" error={errors.again?.message}>
        {(wiring) => <Input {...wiring} {...form.register("again")} type="password" autoComplete="new-password" />}
      </Field>
      <Button variant="primary" type="submit" busy={isSubmitting || done} className="w-full">
        {button}
      </Button>
    </Form>
  );
}
