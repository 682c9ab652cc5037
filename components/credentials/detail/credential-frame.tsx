"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Badge } from "@/components/ui/badge";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { type CredentialActions, type CredentialRights, mayChange } from "../credential-actions";
import { DeleteDialog } from "../delete-dialog";
import { DisableDialog } from "../disable-dialog";
import { providerLabel, rotates, statuses, typeLabel } from "../messages";
import { useOwnKinds } from "../own-kinds";
import { ProviderIcon } from "../provider-icon";
import { credentialOptions } from "../queries";
import { OpenRotation } from "../rotate/open-rotation";
import { RotateDialog } from "../rotate/rotate-dialog";
import { TestDialog } from "../test/test-dialog";
import { HeaderActions } from "./header-actions";
import { Tabs } from "./tabs";

interface Props {
  id: string;
  rights: CredentialRights;
  actions: Pick<CredentialActions, "setActive" | "remove" | "callOff">;
  children: ReactNode;
}

/** What stays in place from tab to tab: the name, how it stands, and what can be done. */
export function CredentialFrame({ id, rights, actions, children }: Props) {
  const credential = useQuery(credentialOptions(id));
  const [dialog, setDialog] = useState<"test" | "rotate" | "disable" | "delete" | null>(null);
  const router = useRouter();
  const own = useOwnKinds();
  if (!credential.data) return <Failed credential={credential} />;
  const view = credential.data;
  const leave = () => {
    toast.success(`“${view.name}” is deleted`);
    router.push("/credentials");
  };
  return (
    <>
      <PageHeader
        above={<Breadcrumbs steps={[{ href: "/credentials", label: "Credentials" }]} />}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {view.name}
            <Badge tone={statuses[view.status].tone}>{statuses[view.status].word}</Badge>
          </span>
        }
        description={
          <span className="inline-flex items-center gap-1.5">
            <ProviderIcon provider={view.provider} />
            {providerLabel(view.provider, own)} · {typeLabel(view.provider, view.type, own)}
          </span>
        }
        actions={
          <HeaderActions
            view={view}
            rights={rights}
            setActive={actions.setActive}
            onDisable={() => setDialog("disable")}
            onTest={() => setDialog("test")}
            onRotate={() => setDialog("rotate")}
            onDelete={() => setDialog("delete")}
          />
        }
      />
      {rotates(view) && mayChange(rights, view) && <OpenRotation id={id} onOpen={() => setDialog("rotate")} />}
      <Tabs base={`/credentials/${id}`} />
      {children}
      {dialog === "test" && <TestDialog view={view} onClose={() => setDialog(null)} />}
      {dialog === "rotate" && <RotateDialog view={view} callOff={actions.callOff} onClose={() => setDialog(null)} />}
      {dialog === "disable" && (
        <DisableDialog view={view} setActive={actions.setActive} onClose={() => setDialog(null)} />
      )}
      {dialog === "delete" && (
        <DeleteDialog view={view} actions={actions} onClose={() => setDialog(null)} onDeleted={leave} />
      )}
    </>
  );
}

const Failed = ({ credential }: { credential: { error: unknown; refetch: () => Promise<unknown> } }) => (
  <>
    <PageHeader title="Credential" />
    <RefusalCallout
      error={refusalOf(credential.error)}
      actions={<Button onClick={() => void credential.refetch()}>Try again</Button>}
    />
  </>
);
