"use client";

import { ShownOnce } from "@/components/ui/shown-once";
import { Time } from "@/components/ui/time";

interface Props {
  token: string;
  /** Until when the secret before it goes on working. */
  oldUntil?: string | undefined;
  onClose: () => void;
}

/** The only time the token is seen. */
export const TokenOnce = ({ token, oldUntil, onClose }: Props) => (
  <ShownOnce
    title="Copy the token now"
    description="It is shown this once. Latchkey keeps only a fingerprint of it and cannot show it again."
    text={token}
    what="the token"
    done="I have stored it"
    onClose={onClose}
  >
    <p className="mt-3 text-soft text-sm">
      A program sends it as <code className="font-mono">Authorization: Bearer …</code>. The whole command stands on the
      page of each credential.
    </p>
    {oldUntil && (
      <p className="mt-3 text-soft text-sm">
        The old one works until <Time at={oldUntil} form="exact" />. The list shows whether anything still uses it.
      </p>
    )}
  </ShownOnce>
);
