"use client";

import { useQueryClient } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { SignInOffer } from "@/lib/providers/authorization";
import { canSignIn } from "@/lib/providers/define";
import { accessEndMessage, accessEndOf } from "@/lib/vocabulary/access-end";
import type { AuthorizationNotice } from "@/lib/vocabulary/authorization-outcome";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { useMethod } from "../kind-of-page";
import { keys } from "../query-keys";
import { toastConnected } from "./connected-toast";
import { lackingOf } from "./permission-list";
import { SignInCard } from "./sign-in-card";
import { Ended } from "./sign-in-progress";
import { useSignIn } from "./use-sign-in";

interface Props {
  view: CredentialView;
  mayChange: boolean;
  offer: SignInOffer;
  ended?: AuthorizationNotice | undefined;
}

/** On a credential's page: that it needs a new sign-in, how the last one ended, and the card to begin one. */
export function SignInPart({ view, mayChange, offer, ended }: Props) {
  const queries = useQueryClient();
  const method = useMethod(view.type);
  const authorization = method?.authorization;
  const signIn = useSignIn({
    returnTo: `/credentials/${view.id}`,
    onConnected: (notice) => {
      toastConnected(notice, authorization?.label ?? "the provider", "The next fetch gets the new access.");
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
  if (!authorization || !canSignIn(method, view.config)) return null;
  const { label } = authorization;
  const { state } = signIn;
  const endsAt = accessEndOf(view);
  // An address says only how it ended; what the access lacks is on the credential.
  const back: AuthorizationNotice | undefined =
    ended?.ending === "connected" ? { ...ended, endsAt, missing: lackingOf(view, authorization) } : ended;
  const told = state.phase === "idle" ? back : state.phase === "ended" ? state.notice : undefined;
  return (
    <>
      {view.status === "needs_reauth" && (
        <Callout
          tone="warn"
          className="xl:col-span-2"
          title={`The connection with ${label} has ended`}
          actions={
            mayChange &&
            offer.missingSettings.length === 0 && (
              <Button variant="primary" size="small" onClick={() => void signIn.begin({ id: view.id }, undefined)}>
                <LogIn aria-hidden /> Reconnect
              </Button>
            )
          }
        >
          Workflows that fetch it are refused until{" "}
          {mayChange ? "somebody signs in again" : "its owner or an administrator signs in again"}. The id stays the
          same.
        </Callout>
      )}
      {endsAt !== undefined && told?.endsAt === undefined && (
        <Callout tone="warn" className="xl:col-span-2" title="This access ends, and cannot be renewed">
          {Object.values(accessEndMessage(label, endsAt)).join(" ")}
        </Callout>
      )}
      {state.phase === "idle" && back && (
        <div className="xl:col-span-2">
          <Ended notice={back} provider={label} />
        </div>
      )}
      <SignInCard view={view} authorization={authorization} offer={offer} mayChange={mayChange} signIn={signIn} />
    </>
  );
}
