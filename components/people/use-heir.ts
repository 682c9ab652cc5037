"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FoundSubject } from "@/lib/access";
import type { UserView } from "@/lib/identity";
import { hangsOn } from "./heir-choice";
import { holdingsOptions } from "./people-query";

interface Asked {
  person: UserView;
  /** Another one than one's own: nobody there is oneself. */
  organization?: string | undefined;
  ownId: string;
}

/** Who takes over from somebody who goes: oneself until another is chosen, and nobody where nothing hangs on them. */
export function useHeir({ person, organization, ownId }: Asked) {
  const holdings = useQuery(holdingsOptions({ id: person.id, organization }));
  const oneself: FoundSubject = { kind: "user", id: ownId, name: "You", detail: null };
  const [chosen, choose] = useState(organization === undefined ? oneself : undefined);
  const [lacking, setLacking] = useState(false);
  const isAsked = holdings.data !== undefined && hangsOn(holdings.data);
  return {
    holdings,
    chosen,
    choose,
    isAsked,
    error: lacking && !chosen ? "Choose who takes it over" : undefined,
    /** Goes on with the heir, or says that one has to be chosen. */
    settle: (go: (heirId: string | undefined) => void) => {
      setLacking(isAsked && !chosen);
      if (!isAsked || chosen) go(isAsked ? chosen?.id : undefined);
    },
  };
}
