"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { type Column, ListTable } from "@/components/list/list-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { RequestView } from "@/lib/access";
import type { RequestState } from "@/lib/vocabulary/access";
import type { AccessActions } from "./access-actions";
import { requestsOptions } from "./access-query";
import { AnswerRequest } from "./answer-request";
import { rightLabels } from "./words";

interface Props {
  ownId: string;
  answer: AccessActions["answer"];
}

/** What others ask of this person, and what this person asked for. */
export function Requests({ ownId, answer }: Props) {
  const requests = useQuery(requestsOptions());
  const [answering, setAnswering] = useState<RequestView>();
  const all = requests.data ?? [];
  const others = all.filter(({ user }) => user.id !== ownId);
  const part = (label: string, rows: RequestView[], columns: Column<RequestView>[], empty: ReactNode) => (
    <ListTable
      label={label}
      columns={columns}
      rows={rows}
      keyOf={({ id }) => id}
      list={requests}
      loadingRows={2}
      empty={<p className="px-2.5 py-2 text-soft">{empty}</p>}
    />
  );
  const answerButton = (request: RequestView) => (
    <Button size="small" onClick={() => setAnswering(request)} aria-label={`Answer ${request.user.name}`}>
      Answer…
    </Button>
  );
  const answered = others.filter(({ state }) => state !== "open");
  return (
    <div className="space-y-5">
      <Card title="Waiting for an answer" description="About credentials that you manage.">
        {part(
          "Waiting for an answer",
          others.filter(({ state }) => state === "open"),
          [what, why, { id: "answer", head: "Answer", headHidden: true, className: "w-28", cell: answerButton }],
          "Nobody waits for you.",
        )}
      </Card>
      <Card title="Your own" description="What you asked for, and what became of it.">
        {part(
          "Your own requests",
          all.filter(({ user }) => user.id === ownId),
          [what, why, state],
          "You have asked for nothing. The way to ask is on a credential, under Access.",
        )}
      </Card>
      {answered.length > 0 && <Card title="Answered">{part("Answered", answered, [what, why, state], null)}</Card>}
      {answering && <AnswerRequest request={answering} answer={answer} onClose={() => setAnswering(undefined)} />}
    </div>
  );
}

const what: Column<RequestView> = {
  id: "what",
  head: "Who and what",
  className: "w-auto",
  cell: ({ user, credential, right, reason, askedAt }) => (
    <span className="wrap-anywhere block">
      <span className="font-medium">{user.name}</span>: {rightLabels[right].toLowerCase()}{" "}
      <Link href={`/credentials/${credential.id}/access`} className="text-accent underline underline-offset-2">
        {credential.name}
      </Link>
      <span className="block text-soft text-xs">
        <Time at={askedAt} />
        <span className="md:hidden">: {reason}</span>
      </span>
    </span>
  ),
};

const why: Column<RequestView> = {
  id: "why",
  head: "Reason",
  className: "w-auto max-md:hidden",
  cellClass: "wrap-anywhere",
  cell: ({ reason }) => reason,
};

const states: Record<RequestState, { word: string; tone: Tone }> = {
  open: { word: "Open", tone: "accent" },
  granted: { word: "Granted", tone: "good" },
  declined: { word: "Declined", tone: "bad" },
  withdrawn: { word: "Taken back", tone: "plain" },
};

const state: Column<RequestView> = {
  id: "state",
  head: "State",
  className: "w-36",
  cell: ({ state: now, answeredBy, answeredAt, answer }) => (
    <>
      <Badge tone={states[now].tone}>{states[now].word}</Badge>
      {answeredBy && answeredAt && now !== "withdrawn" && (
        <span className="wrap-anywhere block text-soft text-xs">
          By {answeredBy}, <Time at={answeredAt} />
          {answer && `: ${answer}`}
        </span>
      )}
    </>
  ),
};
