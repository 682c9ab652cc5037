"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Time } from "@/components/ui/time";
import type { RequestView } from "@/lib/access";
import { type Right, rights } from "@/lib/vocabulary/access";
import type { AccessActions } from "./access-actions";
import { accessKeys, requestsOptions } from "./access-query";
import { rightLabels, rightMeaning } from "./words";

interface Props {
  credential: { id: string; name: string };
  ownId: string;
  held: readonly Right[];
  actions: Pick<AccessActions, "ask" | "withdraw">;
}

/** For whoever may not do all with a credential: the way to ask for more, and what became of that. */
export function AskAccess({ credential, ownId, held, actions }: Props) {
  const [asking, setAsking] = useState(false);
  const requests = useQuery(requestsOptions());
  const own = requests.data?.filter(({ user, credential: { id } }) => user.id === ownId && id === credential.id) ?? [];
  const open = own.find(({ state }) => state === "open");
  const [latest] = own;
  return (
    <>
      {open ? (
        <Waiting request={open} withdraw={actions.withdraw} />
      ) : (
        <Callout
          tone="info"
          title={`You may ${words(held)} this credential`}
          actions={<Button onClick={() => setAsking(true)}>Ask for access</Button>}
        >
          {latest?.state === "declined" && latest.answeredAt ? (
            <p>
              {latest.answeredBy} declined your last request (“{rightLabels[latest.right]}”){" "}
              <Time at={latest.answeredAt} />
              {latest.answer && `: ${latest.answer}`}
            </p>
          ) : (
            <p>If you need more, ask whoever manages it.</p>
          )}
        </Callout>
      )}
      {asking && <AskDialog credential={credential} held={held} ask={actions.ask} onClose={() => setAsking(false)} />}
    </>
  );
}

const words = (held: readonly Right[]) => held.map((right) => rightLabels[right].toLowerCase()).join(" and ");

function Waiting({ request, withdraw }: { request: RequestView; withdraw: AccessActions["withdraw"] }) {
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: accessKeys.all });
  const { run, busy, error } = useAction(withdraw, {
    onDone: () => {
      toast.success("Your request is taken back");
      refresh();
    },
    onRefused: refresh,
  });
  return (
    <Callout
      tone="info"
      title={`You asked to ${rightLabels[request.right].toLowerCase()} it`}
      actions={
        <Button size="small" busy={busy} onClick={() => run({ id: request.id })}>
          Take the request back
        </Button>
      }
    >
      <p>
        <Time at={request.askedAt} />: {request.reason}. Nobody has answered yet; whoever manages this credential sees
        it under Access requests.
      </p>
      {error && <RefusalCallout error={error} />}
    </Callout>
  );
}

interface DialogProps {
  credential: { id: string; name: string };
  held: readonly Right[];
  ask: AccessActions["ask"];
  onClose: () => void;
}

function AskDialog({ credential, held, ask, onClose }: DialogProps) {
  const offered = rights.filter((right) => !held.includes(right));
  const [right, setRight] = useState<Right>(offered[0] ?? "use");
  const [lacking, setLacking] = useState(false);
  const queries = useQueryClient();
  const { run, busy, error } = useAction(ask, {
    onDone: () => {
      toast.success("You have asked for it");
      void queries.invalidateQueries({ queryKey: accessKeys.all });
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason")).trim();
    setLacking(reason === "");
    if (reason !== "") run({ credentialId: credential.id, right, reason });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Ask for access"
      description={`Whoever manages “${credential.name}” reads this and answers.`}
    >
      <Form onSubmit={submit}>
        {error && <RefusalCallout error={error} />}
        <Field label="You would like to" help={`${rightMeaning[right]}.`}>
          {(wiring) => (
            <Select {...wiring} value={right} onChange={({ target }) => setRight(target.value as Right)}>
              {offered.map((one) => (
                <option key={one} value={one}>
                  {rightLabels[one]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Reason" error={lacking ? "Say what you need it for" : undefined}>
          {(wiring) => <Input {...wiring} name="reason" autoComplete="off" maxLength={500} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" busy={busy}>
            Ask
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
