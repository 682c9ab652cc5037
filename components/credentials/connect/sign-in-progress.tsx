import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { type AuthorizationNotice, authorizationMessage, isWhole } from "@/lib/vocabulary/authorization-outcome";
import type { SignIn } from "./use-sign-in";

interface Props {
  state: SignIn;
  /** Whom one signs in with: "Google". */
  provider: string;
  onShow: () => void;
}

/** How far a sign-in is, and how it ended; each ending has its own words. */
export function SignInProgress({ state, provider, onShow }: Props) {
  switch (state.phase) {
    case "idle":
    case "starting":
      return null;
    case "leaving":
      return (
        <Callout tone="info" live title={`This browser opens no window: going to ${provider} on this page`}>
          You come back here afterwards.
        </Callout>
      );
    case "waiting":
      return state.closed ? (
        <Callout tone="warn" live title="The window was closed before the sign-in ended">
          Nothing was changed. Start it again. If the window is still open, go on there: this page hears of it.
        </Callout>
      ) : (
        <Callout
          tone="info"
          live
          title={`Waiting for you to sign in with ${provider}`}
          actions={
            <Button size="small" onClick={onShow}>
              Show the window
            </Button>
          }
        >
          It is open in a window of its own.
        </Callout>
      );
    case "refused":
      return <RefusalCallout error={state.error} />;
    case "ended":
      return <Ended notice={state.notice} provider={provider} />;
  }
}

/** Also for a sign-in that ended on this very page. */
export function Ended({ notice, provider }: { notice: AuthorizationNotice; provider: string }) {
  const { title, text } = authorizationMessage(notice, provider);
  if (notice.ending === "connected") {
    const whole = isWhole(notice);
    return (
      <Callout tone={whole ? "good" : "warn"} live title={title}>
        {whole ? undefined : text}
      </Callout>
    );
  }
  return (
    <Callout tone={notice.ending === "denied" ? "warn" : "bad"} live title={title}>
      {text}
    </Callout>
  );
}
