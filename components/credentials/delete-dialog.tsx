"use client";

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { useTypedName } from "@/components/ui/typed-name";
import { canSignIn } from "@/lib/providers/define";
import { findListing } from "@/lib/providers/listing";
import type { CredentialView, Usage } from "@/lib/vocabulary/credential-view";
import type { CredentialActions } from "./credential-actions";
import { usageOptions, usesOptions } from "./queries";
import { keys } from "./query-keys";
import { UsesNotice } from "./uses/uses-notice";

interface Props {
  view: CredentialView;
  actions: Pick<CredentialActions, "remove" | "setActive">;
  onClose: () => void;
  onDeleted: () => void;
}

/** Says who would miss it before it is gone, and offers the way that can be taken back. */
export function DeleteDialog({ view, actions, onClose, onDeleted }: Props) {
  const usage = useQuery(usageOptions(view.id));
  const uses = useInfiniteQuery(usesOptions(view.id));
  const queries = useQueryClient();
  const name = useTypedName(view.name);
  const refresh = () => queries.invalidateQueries({ queryKey: keys.all });
  const remove = useAction(actions.remove, {
    onDone: async () => {
      onDeleted();
      queries.removeQueries({ queryKey: keys.one(view.id) });
      await refresh();
    },
  });
  const disable = useAction(actions.setActive, {
    onDone: () => {
      onClose();
      return refresh();
    },
  });
  // Without knowing who uses it, the careful way is taken.
  const isPending = usage.isPending || uses.isPending;
  const failed = usage.error ?? uses.error;
  const registered = uses.data?.pages[0];
  const mustType = failed !== null || (usage.data?.length ?? 0) > 0 || (registered?.total ?? 0) > 0;
  const submit = () => {
    if (mustType && !name.matches()) return;
    remove.run({ id: view.id, expectedVersion: view.version });
  };
  const error = remove.error ?? disable.error;
  return (
    <Dialog
      alert
      open
      onOpenChange={onClose}
      title={`Delete “${view.name}”?`}
      description="The stored secret is destroyed at once. There is no way back."
      footer={
        <>
          <Button className="max-sm:mr-auto" variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          {view.active && (
            <Button
              busy={disable.busy}
              onClick={() => disable.run({ id: view.id, active: false, expectedVersion: view.version })}
            >
              Disable instead
            </Button>
          )}
          <Button className="max-sm:w-full" variant="danger" disabled={isPending} busy={remove.busy} onClick={submit}>
            Delete for good
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        {isPending && <Skeleton className="h-10" />}
        {failed && (
          <Callout tone="warn" title="Who uses it could not be found out">
            {refusalOf(failed).message}
          </Callout>
        )}
        {registered && <UsesNotice uses={registered} consequence="will fail from now on" />}
        {usage.data && !uses.isPending && <Fetched usage={usage.data} isMissed={registered?.total !== 0} />}
        <AtTheProvider view={view} />
        {mustType && name.field}
      </div>
    </Dialog>
  );
}

/** What becomes of the access there: the vault's end of it is not the whole. */
function AtTheProvider({ view }: { view: CredentialView }) {
  const method = findListing(view.provider)?.methods.find(({ type }) => type === view.type);
  const connected = "access_token" in view.secrets || "refresh_token" in view.secrets;
  if (!method?.authorization || !canSignIn(method, view.config) || !connected) return null;
  return <Callout tone="info">{method.authorization.afterDeletion}</Callout>;
}

/** @param isMissed whether a task is, or may be, registered as using it */
function Fetched({ usage, isMissed }: { usage: Usage[]; isMissed: boolean }) {
  if (usage.length === 0)
    return isMissed ? (
      <Callout tone="info">Nobody fetched it in the last 30 days.</Callout>
    ) : (
      <Callout tone="good">Nobody fetched it in the last 30 days. No task is registered as using it.</Callout>
    );
  return (
    <Callout tone="warn" title="These fetched it in the last 30 days, and will fail from now on:">
      <ul className="mt-1 max-h-40 space-y-1 overflow-y-auto">
        {usage.map((one) => (
          <li key={one.serviceAccountId} className="flex flex-wrap justify-between gap-x-3">
            <span className="wrap-anywhere font-medium">{one.serviceAccountName}</span>
            <span className="shrink-0 text-soft">
              {one.fetches} {one.fetches === 1 ? "time" : "times"}, last <Time at={one.lastAt} />
            </span>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
