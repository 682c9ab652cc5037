"use client";

import { useQueryClient } from "@tanstack/react-query";
import { LogIn } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Beside } from "@/components/ui/beside";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { StickyBar } from "@/components/ui/sticky-bar";
import { type SignInOffer, signInOf } from "@/lib/providers/authorization";
import type { AuthorizationNotice } from "@/lib/vocabulary/authorization-outcome";
import { tagsOf } from "../form/values";
import { useKind } from "../kind-of-page";
import { keys } from "../query-keys";
import { toastConnected } from "./connected-toast";
import { NotSetUp } from "./not-set-up";
import { RedirectAddress } from "./redirect-address";
import { presets, ScopeChoices } from "./scope-choices";
import { Ended, SignInProgress } from "./sign-in-progress";
import { useSignIn } from "./use-sign-in";

interface Props {
  provider: string;
  offer: SignInOffer;
  /** How a sign-in ended that came back to this page. */
  ended?: AuthorizationNotice | undefined;
}

/** A new credential by signing in at the provider. Nothing is stored before that has ended well. */
export function ConnectForm({ provider, offer, ended }: Props) {
  const method = signInOf(useKind() ?? { methods: [] });
  if (!method) throw new Error("The page offers this only where one can sign in");
  const { label, scopes } = method.authorization;
  const [chosen, setChosen] = useState(presets(scopes));
  const [name, setName] = useState("");
  const [tags, setTags] = useState("");
  const signIn = useSignIn({ returnTo: `/credentials/new/${provider}`, onConnected: useOpenConnected(label) });
  const { phase } = signIn.state;
  const busy = phase === "starting" || phase === "leaving";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const words = { ...(name.trim() && { name: name.trim() }), ...(tags.trim() && { tags: tagsOf(tags) }) };
    void signIn.begin({ provider, type: method.type, ...words }, chosen);
  };
  const ready = offer.missingSettings.length === 0;
  return (
    <Form onSubmit={submit} className="space-y-0">
      <Beside
        aside={
          <Card title={`Signing in with ${label}`} className="lg:sticky lg:top-5">
            <div className="space-y-4">
              <p className="text-soft">
                You are sent to {label} to choose the account and to agree; the tokens come back from there.
              </p>
              <RedirectAddress address={offer.redirectUri} provider={label} />
            </div>
          </Card>
        }
      >
        {!ready && <NotSetUp offer={offer} provider={label} />}
        {phase === "idle" && ended && <Ended notice={ended} provider={label} />}
        <SignInProgress state={signIn.state} provider={label} onShow={signIn.show} />
        {scopes.some(({ always }) => !always) && (
          <Card title="Connection">
            <ScopeChoices choices={scopes} chosen={chosen} onChange={setChosen} />
          </Card>
        )}
        <Card title="In Latchkey">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Name" optional help="Left empty, it is called by the account that signs in.">
              {(wiring) => (
                <Input
                  {...wiring}
                  maxLength={200}
                  autoComplete="off"
                  value={name}
                  onChange={(e) => setName(e.target.value)}
                />
              )}
            </Field>
            <Field label="Tags" optional help="Separated by commas.">
              {(wiring) => (
                <Input {...wiring} autoComplete="off" value={tags} onChange={(e) => setTags(e.target.value)} />
              )}
            </Field>
          </div>
        </Card>
      </Beside>
      {ready && (
        <StickyBar status={busy ? undefined : "Nothing is stored before you have agreed there"}>
          <Button asChild>
            <Link href="/credentials/new">Cancel</Link>
          </Button>
          <Button variant="primary" type="submit" busy={busy}>
            {!busy && <LogIn aria-hidden />} Connect with {label}
          </Button>
        </StickyBar>
      )}
    </Form>
  );
}

function useOpenConnected(provider: string) {
  const queries = useQueryClient();
  const router = useRouter();
  return (notice: AuthorizationNotice) => {
    toastConnected(notice, provider);
    queries.setQueryData(keys.justMade, notice.credentialId);
    void queries.invalidateQueries({ queryKey: keys.all });
    router.push(`/credentials/${notice.credentialId}`);
  };
}
