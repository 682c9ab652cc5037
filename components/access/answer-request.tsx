"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { endOfDay } from "@/components/ui/time-words";
import type { RequestView } from "@/lib/access";
import type { AccessActions } from "./access-actions";
import { accessKeys } from "./access-query";
import { rightLabels, rightMeaning } from "./words";

interface Props {
  request: RequestView;
  answer: AccessActions["answer"];
  onClose: () => void;
}

/** Grants what somebody asked for, perhaps for a time, or declines it and says why. */
export function AnswerRequest({ request, answer, onClose }: Props) {
  const { user, credential, right, reason } = request;
  const [way, setWay] = useState<"grant" | "decline">("grant");
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: accessKeys.all });
  const { run, busy, error } = useAction(answer, {
    onDone: ({ state }) => {
      toast.success(state === "granted" ? `${user.name} has access now` : `${user.name} reads that it is declined`);
      refresh();
      onClose();
    },
    onRefused: refresh,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const until = String(typed.get("until") ?? "");
    run({
      id: request.id,
      isGranted: way === "grant",
      note: String(typed.get("note")),
      expiresAt: until === "" ? null : endOfDay(until),
    });
  };
  const problem = (name: string) => error?.fields.find(({ path }) => path[0] === name)?.message;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${user.name} asks to ${rightLabels[right].toLowerCase()} “${credential.name}”`}
      description={`Because: ${reason}`}
    >
      <Form onSubmit={submit}>
        {error && <RefusalCallout error={error} />}
        <p className="text-soft text-sm">
          {rightLabels[right]}: {rightMeaning[right]}.
        </p>
        <Segmented
          label="Your answer"
          labelHidden={false}
          value={way}
          options={[
            { value: "grant", label: "Grant it" },
            { value: "decline", label: "Decline" },
          ]}
          onChange={setWay}
        />
        {way === "grant" && (
          <Field
            label="Until"
            optional
            help="The end of that day. Left empty, it stays until somebody takes it away."
            error={problem("expires_at")}
          >
            {(wiring) => <Input {...wiring} name="until" type="date" />}
          </Field>
        )}
        <Field label="Note" optional help={`${user.name} reads it.`} error={problem("note")}>
          {(wiring) => <Input {...wiring} name="note" autoComplete="off" maxLength={500} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            {way === "grant" ? "Grant it" : "Decline"}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
