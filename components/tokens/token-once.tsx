"use client";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";

/** The only time the token is seen. */
export const TokenOnce = ({ token, onClose }: { token: string; onClose: () => void }) => (
  <Dialog
    alert
    open
    onOpenChange={onClose}
    title="Copy the token now"
    description="It is shown this once. Latchkey keeps only a fingerprint of it and cannot show it again."
    footer={
      <Button variant="primary" onClick={onClose}>
        I have stored it
      </Button>
    }
  >
    <div className="flex flex-wrap items-center gap-2 rounded-lg border border-line bg-sunken p-3">
      <code className="min-w-0 flex-1 basis-60 break-all font-mono text-sm" data-testid="token">
        {token}
      </code>
      <CopyButton text={token} what="the token" label="Copy" />
    </div>
  </Dialog>
);
