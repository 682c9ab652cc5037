import { Callout } from "@/components/ui/callout";
import type { SignInOffer } from "@/lib/providers/authorization";

/** Says whose turn it is when nobody has registered this installation at the provider yet. */
export const NotSetUp = ({ offer, provider }: { offer: SignInOffer; provider: string }) => (
  <Callout tone="warn" title={`Signing in with ${provider} is not set up here`}>
    Whoever runs Latchkey registers it at {provider} with the redirect address below, and sets{" "}
    {offer.missingSettings.map((name, at) => (
      <span key={name}>
        {at > 0 && " and "}
        <code>{name}</code>
      </span>
    ))}
    .
  </Callout>
);
