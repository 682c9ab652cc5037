"use client";

import { LogIn } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { Authorization, SignInOffer } from "@/lib/providers/authorization";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { Expiry } from "../expiry";
import { NotSetUp } from "./not-set-up";
import { PermissionList } from "./permission-list";
import { RedirectAddress } from "./redirect-address";
import { presets, ScopeChoices } from "./scope-choices";
import { SignInProgress } from "./sign-in-progress";
import type { useSignIn } from "./use-sign-in";

interface Props {
  view: CredentialView;
  authorization: Authorization;
  offer: SignInOffer;
  mayChange: boolean;
  signIn: ReturnType<typeof useSignIn>;
}

/** Who is connected, with which permissions, and the way to sign in anew under the same id. */
export function SignInCard({ view, authorization, offer, mayChange, signIn }: Props) {
  const { label, scopes } = authorization;
  const connected = "access_token" in view.secrets || "refresh_token" in view.secrets;
  const ready = offer.missingSettings.length === 0;
  return (
    <Card title={`Sign-in with ${label}`}>
      <div className="space-y-4">
        <Facts>
          <Fact name="Connected as">
            {connected ? (
              (view.accountEmail ?? "an account that has no address")
            ) : (
              <span className="text-soft">Nobody yet</span>
            )}
          </Fact>
          {connected && authorization.client === "operator" && (
            <Fact name="Permissions">
              <PermissionList view={view} authorization={authorization} />
            </Fact>
          )}
          {view.tokenExpiresAt && (
            <Fact name={"refresh_token" in view.secrets ? "Access token" : "Access ends"}>
              {"refresh_token" in view.secrets ? (
                <>
                  Ends <Time at={view.tokenExpiresAt} />, and is renewed before that
                </>
              ) : (
                <Expiry at={view.tokenExpiresAt} />
              )}
            </Fact>
          )}
        </Facts>
        {!ready && <NotSetUp offer={offer} provider={label} />}
        {mayChange && <RedirectAddress address={offer.redirectUri} provider={label} />}
        <SignInProgress state={signIn.state} provider={label} onShow={signIn.show} />
        {mayChange && ready && (
          <Begin view={view} choices={scopes} label={label} connected={connected} signIn={signIn} />
        )}
      </div>
    </Card>
  );
}

interface BeginProps {
  view: CredentialView;
  choices: Authorization["scopes"];
  label: string;
  connected: boolean;
  signIn: Props["signIn"];
}

function Begin({ view, choices, label, connected, signIn }: BeginProps) {
  const [chosen, setChosen] = useState(() => chosenBefore(view, choices));
  const [choosing, setChoosing] = useState(false);
  const { phase } = signIn.state;
  const offers = choices.some(({ always }) => !always);
  return (
    <>
      {choosing && <ScopeChoices choices={choices} chosen={chosen} onChange={setChosen} />}
      <div className="flex flex-wrap gap-2">
        <Button
          variant={connected ? "secondary" : "primary"}
          busy={phase === "starting" || phase === "leaving"}
          onClick={() => void signIn.begin({ id: view.id }, choosing ? chosen : undefined)}
        >
          <LogIn aria-hidden /> {connected ? `Reconnect with ${label}` : `Sign in with ${label}`}
        </Button>
        {offers && !choosing && (
          <Button variant="quiet" onClick={() => setChoosing(true)}>
            Change permissions
          </Button>
        )}
      </div>
    </>
  );
}

function chosenBefore({ config }: CredentialView, choices: Authorization["scopes"]): string[] {
  const asked = String(config.requested_scope ?? "").split(" ");
  const before = choices.filter(({ value, always }) => !always && asked.includes(value)).map(({ value }) => value);
  return before.length > 0 ? before : presets(choices);
}
