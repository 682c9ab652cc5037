import { CopyButton } from "@/components/ui/copy-button";

/** What has to be registered at the provider before the first sign-in. */
export const RedirectAddress = ({ address, provider }: { address: string; provider: string }) => (
  <div className="min-w-0 space-y-1">
    <p className="font-medium">Redirect address</p>
    <div className="flex items-center gap-1">
      <code className="wrap-anywhere min-w-0 rounded-md bg-sunken px-2 py-1 font-mono text-sm">{address}</code>
      <CopyButton text={address} what="the redirect address" />
    </div>
    <p className="text-soft text-sm">
      The client that is registered at {provider} must name it, letter for letter, or signing in is refused there.
    </p>
  </div>
);
