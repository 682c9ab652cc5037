"use client";

import { useState } from "react";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import type { FoundSubject } from "@/lib/access";
import type { AccessActions } from "./access-actions";
import { FetchCommand } from "./fetch-command";
import { SubjectChoice } from "./subject-choice";
import { useGrant } from "./use-grant";

interface Props {
  id: string;
  address: string;
  grant: AccessActions["grant"];
  /** It is not to be given to anybody now. */
  onSkip: () => void;
}

/** What comes after saving: who may use it, and then how it is fetched. */
export function FirstUse({ id, address, grant, onSkip }: Props) {
  const [chosen, setChosen] = useState<FoundSubject>();
  const [lacking, setLacking] = useState(false);
  const [given, setGiven] = useState<FoundSubject>();
  const { run, busy, error } = useGrant(grant, () => setGiven(chosen));
  if (given) {
    return (
      <div className="space-y-5 xl:col-span-2">
        <Callout tone="good" live title={`${given.name} may use it`} actions={<Button onClick={onSkip}>Done</Button>}>
          <p>Who else may is said under Access.</p>
        </Callout>
        <FetchCommand address={address} />
      </div>
    );
  }
  const give = () => {
    setLacking(!chosen);
    if (!chosen) return;
    const subject = { kind: chosen.kind, id: chosen.id };
    run({ subject, reach: "credential", key: id, rights: ["use"], expiresAt: null, reason: "" });
  };
  return (
    <Card
      title="Who may use it?"
      description="Until somebody is given it, no program can fetch it. More can be said under Access at any time."
      className="xl:col-span-2"
    >
      <div className="max-w-lg space-y-3">
        {error && <RefusalCallout error={error} />}
        <SubjectChoice
          chosen={chosen}
          onChoose={setChosen}
          error={lacking ? "Choose who may use it, or skip this" : undefined}
        />
        <div className="flex gap-2">
          <Button variant="primary" busy={busy} onClick={give}>
            Let it be used
          </Button>
          <Button onClick={onSkip}>Skip for now</Button>
        </div>
      </div>
    </Card>
  );
}
