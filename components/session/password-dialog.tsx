"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import type { Action } from "./action";

interface Props {
  confirm: Action<{ password: string }, void>;
  onAnswer: (goOn: boolean) => void;
}

export function PasswordDialog({ confirm, onAnswer }: Props) {
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Shown in a portal, yet React passes the event on to the form this dialog was opened from.
    event.stopPropagation();
    const password = String(new FormData(event.currentTarget).get("password"));
    if (password === "") return setError("Enter your password");
    setBusy(true);
    const result = await confirm({ password }).catch(() => undefined);
    setBusy(false);
    // A session that is over asks for more than the password: the write, tried again, is told so.
    if (result?.ok || result?.error.code === "unauthenticated") return onAnswer(true);
    setError(
      result ? (result.error.fields[0]?.message ?? result.error.message) : "The server did not answer. Try again.",
    );
  };
  return (
    <Dialog
      open
      onOpenChange={() => onAnswer(false)}
      title="Confirm your password"
      description="This needs more than an open browser window. Your password counts for the next five minutes."
    >
      <Form data-passing onSubmit={(event) => void submit(event)}>
        <Field label="Password" error={error}>
          {(wiring) => <Input {...wiring} name="password" type="password" autoComplete="current-password" autoFocus />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onAnswer(false)}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            Confirm
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
