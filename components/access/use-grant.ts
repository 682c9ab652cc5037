"use client";

import { useQueryClient } from "@tanstack/react-query";
import { keys } from "@/components/credentials/query-keys";
import { useAction } from "@/components/session/use-action";
import type { GrantView } from "@/lib/access";
import type { AccessActions } from "./access-actions";
import { accessKeys } from "./access-query";

/** Gives access, and has whatever shows some asked again. */
export function useGrant(grant: AccessActions["grant"], onDone: (made: GrantView[]) => void) {
  const queries = useQueryClient();
  return useAction(grant, {
    onDone: (made) => {
      void queries.invalidateQueries({ queryKey: accessKeys.all });
      void queries.invalidateQueries({ queryKey: keys.all });
      onDone(made);
    },
  });
}
