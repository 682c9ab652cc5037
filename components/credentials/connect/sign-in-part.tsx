"use client";

import { useQueryClient } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Time } from "@/components/ui/time";
import type { EndingNotice } from "@/lib/credentials/endings";
import type { CredentialView } from "@/lib/credentials/view";
import type { SignInOffer } from "@/lib/providers/authorization";
import { canSignIn } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { keys } from "../queries";
import { SignInCard } from "./sign-in-card";
import { Ended } from "./sign-in-progress";
import { useSignIn } from "./use-sign-in";

interface Props {
  view: CredentialView;
  mayChange: boolean;
  offer: SignInOffer;
  ended?: EndingNotice | undefined;
}

/** On a credential's page: that it needs a new sign-in, how the last one ended, and the card to begin one. */
export function SignInPart({ view, mayChange, offer, ended }: Props) {
  const queries = useQueryClient();
  const signIn = useSignIn({
    returnTo: `/credentials/${view.id}`,
    onConnected: () => {
      toast.success("Connected. The next fetch gets the new access.");
      void queries.invalidateQueries({ queryKey: keys.all });
    },
  });
  const method = methodOfStored(view.provider, view.type);
  const authorization = method?.authorization;
  if (!authorization || !canSignIn(method, view.config)) return null;
  const { label } = authorization;
  const idle = signIn.state.phase === "idle";
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
      {view.status === "active" &&
        "access_token" in view.secrets &&
        !("refresh_token" in view.secrets) &&
        view.tokenExpiresAt && (
          <Callout tone="warn" className="xl:col-span-2" title="This access ends, and cannot be renewed">
            It ends <Time at={view.tokenExpiresAt} form="until" />; workflows are refused from then on. {label} sent
            nothing to renew it with: reconnect, and agree to everything that is asked there.
          </Callout>
        )}
      {idle && ended && (
        <div className="xl:col-span-2">
          <Ended notice={ended} provider={label} />
        </div>
      )}
      <SignInCard view={view} authorization={authorization} offer={offer} mayChange={mayChange} signIn={signIn} />
    </>
  );
}
