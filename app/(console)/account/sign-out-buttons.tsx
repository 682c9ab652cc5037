"use client";

import { toast } from "sonner";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { signOutAction } from "@/lib/api/http/sign-in-action";
import { endOwnSessions } from "./actions";

export function SignOutButtons() {
  const everywhere = useAction(endOwnSessions, {
    onDone: () => signOutAction(),
    onRefused: (error) => toast.error(error.message),
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => void signOutAction()}>Sign out here</Button>
      <Button busy={everywhere.busy} onClick={() => everywhere.run({})}>
        Sign out everywhere
      </Button>
    </div>
  );
}
