"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { z } from "zod";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { useTypedName } from "@/components/ui/typed-name";
import type { PublicError } from "@/lib/api/http/public-error";
import type { OrganizationView, RemainingContents } from "@/lib/organizations";
import { remainderMessages } from "./messages";
import type { OrganizationActions } from "./organization-actions";
import { organizationKeys } from "./organizations-query";

interface Props {
  organization: OrganizationView;
  /** What was in it when the page was made. */
  left: RemainingContents;
  remove: OrganizationActions["remove"];
  onClose: () => void;
}

/**
 * Lists what goes with it, and has the name typed where anything does. An empty one is deleted without force, so that
 * what came into it meanwhile stands in the way and is shown.
 */
export function DeleteOrganization({ organization, left, remove, onClose }: Props) {
  const name = useTypedName(organization.name);
  const { run, busy, error } = useDeletion(organization, remove);
  const inside = remainderMessages(newerThan(left, error));
  const submit = () => {
    if (inside.length > 0 && !name.matches()) return;
    run({ id: organization.id, force: inside.length > 0 });
  };
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete “${organization.name}”?`}
      description="There is no way back; disabling can be undone. Its audit log stays, its name becomes free."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="danger" busy={busy} onClick={submit}>
            {inside.length > 0 ? "Delete with everything in it" : "Delete for good"}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        {inside.length === 0 ? (
          <Callout tone="good">It is empty: nobody and nothing goes with it.</Callout>
        ) : (
          <>
            <Callout tone="warn" title="It is not empty. This goes with it, at once:">
              <ul className="list-disc pl-5">
                {inside.map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            </Callout>
            {name.field}
          </>
        )}
      </div>
    </Dialog>
  );
}

function useDeletion(organization: OrganizationView, remove: OrganizationActions["remove"]) {
  const router = useRouter();
  const queries = useQueryClient();
  return useAction(remove, {
    onDone: () => {
      toast.success(`“${organization.name}” is deleted`);
      queries.removeQueries({ queryKey: organizationKeys.all });
      router.push("/organizations");
      router.refresh();
    },
  });
}

/** A refusal for being not empty says what is in it now. */
function newerThan(left: RemainingContents, error: PublicError | undefined): Partial<RemainingContents> {
  const told = error?.code === "conflict" ? contents.safeParse(error.details) : undefined;
  return told?.success ? told.data : left;
}

const count = z.number().exactOptional();
const contents = z.object({ people: count, service_accounts: count, credentials: count, tokens: count });
