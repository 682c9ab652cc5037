"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { endOfDay } from "@/components/ui/time-words";
import type { FoundSubject, Subject } from "@/lib/access";
import type { Reach, Right } from "@/lib/vocabulary/access";
import type { AccessActions } from "./access-actions";
import { RightsChoice } from "./rights-choice";
import { SubjectChoice } from "./subject-choice";
import { useGrant } from "./use-grant";

interface Props {
  title: string;
  grant: AccessActions["grant"];
  /** To whom it is given; left out, that is chosen. */
  subject?: Subject & { name: string };
  /** What it is given over; a function where that is chosen. */
  reach: Reach | undefined;
  /** The way to choose that. */
  reachChoice?: (error: string | undefined) => ReactNode;
  onClose: () => void;
}

/** Gives somebody rights over something: whom, what for, until when and why. */
export function GiveAccess({ title, grant, subject: fixed, reach, reachChoice, onClose }: Props) {
  const [found, setFound] = useState<FoundSubject>();
  const [rights, setRights] = useState<Right[]>(["use"]);
  const [missing, setMissing] = useState<{ subject?: string; rights?: string; reach?: string }>({});
  const subject = fixed ?? found;
  const { run, busy, error } = useGrant(grant, () => {
    toast.success(`${subject?.name} has access now`);
    onClose();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const until = String(typed.get("until"));
    const lacks = {
      ...(!subject && { subject: "Choose who gets it" }),
      ...(rights.length === 0 && { rights: "Choose at least one" }),
      ...(!reach && { reach: "Choose what it is about" }),
    };
    setMissing(lacks);
    if (!subject || !reach || rights.length === 0) return;
    run({
      subject: { kind: subject.kind, id: subject.id },
      reach: reach.reach,
      key: reach.key,
      rights,
      expiresAt: until === "" ? null : endOfDay(until),
      reason: String(typed.get("reason")),
    });
  };
  const problem = (name: string) => error?.fields.find(({ path }) => path[0] === name)?.message;
  return (
    <Dialog open onOpenChange={onClose} title={title} description="It holds at once, until it ends or is taken away.">
      <Form onSubmit={submit}>
        {error && <RefusalCallout error={error} />}
        {!fixed && (
          <SubjectChoice chosen={found} onChoose={setFound} error={missing.subject ?? problem("subject_id")} />
        )}
        {reachChoice?.(missing.reach ?? problem("key"))}
        <RightsChoice chosen={rights} onChange={setRights} error={missing.rights ?? problem("rights")} />
        <Field
          label="Until"
          optional
          help="The end of that day. Left empty, it stays until somebody takes it away."
          error={problem("expires_at")}
        >
          {(wiring) => <Input {...wiring} name="until" type="date" />}
        </Field>
        <Field label="Reason" optional help="Whoever looks later reads why." error={problem("reason")}>
          {(wiring) => <Input {...wiring} name="reason" autoComplete="off" maxLength={500} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            Give access
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
