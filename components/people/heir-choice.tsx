"use client";

import { useId } from "react";
import { SubjectChoice } from "@/components/access/subject-choice";
import type { FoundSubject } from "@/lib/access";
import type { Holdings, UserView } from "@/lib/identity";
import { heirsOptions } from "./people-query";

interface Props {
  person: UserView;
  organization?: string | undefined;
  holdings: Holdings;
  chosen: FoundSubject | undefined;
  onChoose: (heir: FoundSubject) => void;
  error?: string | undefined;
}

/** Asks who takes over what hangs on somebody who goes. */
export function HeirChoice({ person, organization, holdings, chosen, onChoose, error }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2">
      <h3 id={id} className="font-medium">
        Who takes over {holdingWords(holdings)}?
      </h3>
      <p role="status" className="wrap-anywhere text-soft text-sm">
        {chosen ? (
          <>
            Chosen: <span className="font-medium text-ink">{chosen.name}</span>
          </>
        ) : (
          "Nobody is chosen yet."
        )}
      </p>
      <SubjectChoice
        kinds={["user"]}
        find={(_, q) => heirsOptions({ id: person.id, organization }, q)}
        chosen={chosen}
        onChoose={onChoose}
        error={error}
      />
    </section>
  );
}

export const hangsOn = ({ credentials, grants }: Holdings): boolean => credentials + grants > 0;

/** As "2 credentials and 1 grant". */
function holdingWords({ credentials, grants }: Holdings): string {
  const parts = [
    ...(credentials > 0 ? [`${credentials} ${credentials === 1 ? "credential" : "credentials"}`] : []),
    ...(grants > 0 ? [`${grants} ${grants === 1 ? "grant" : "grants"}`] : []),
  ];
  return parts.join(" and ");
}
