"use client";

import { Download, SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { providerLabel, rotates } from "@/components/credentials/messages";
import { OwnKindsAsked, useOwnKinds } from "@/components/credentials/own-kinds";
import { ListTable } from "@/components/list/list-table";
import { useAction } from "@/components/session/use-action";
import { RevokeToken } from "@/components/tokens/revoke-token";
import type { TokenRow } from "@/components/tokens/token-actions";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { saveFile } from "@/components/ui/save-file";
import type { ExposedCredential, Subject } from "@/lib/access";
import type { CredentialType } from "@/lib/providers/define";
import { ActDialog } from "./act-dialog";
import { type Act, useActs } from "./act-work";
import type { ExposedActions, ExposedQuestion, ExposedRights } from "./exposed-actions";
import { exposedColumns, keyOf } from "./exposed-columns";

interface Props {
  rows: ExposedCredential[];
  asked: ExposedQuestion;
  /** Whose grants can be taken away, where a program or a person is asked about. */
  subject?: Subject | undefined;
  /** The token that is asked about, where it can be revoked. */
  token?: TokenRow | undefined;
  rights: ExposedRights;
  actions: ExposedActions;
}

export const ExposedList = (props: Props) => (
  <OwnKindsAsked>
    <List {...props} />
  </OwnKindsAsked>
);

/** Rows drawn at once. */
const STEP = 200;

function List({ rows, asked, subject, token, rights, actions }: Props) {
  const own = useOwnKinds();
  const router = useRouter();
  const [upTo, setUpTo] = useState(STEP);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<Act | "revoke" | null>(null);
  const acts = useActs(actions, subject);
  // One may have read and set it: what is done to it is done once.
  const each = [...new Map(rows.map((row) => [row.id, row])).values()];
  const selected = each.filter(({ id }) => chosen.has(id));
  const rotatable = selected.filter(({ provider, type }) => rotates({ provider, type: type as CredentialType }));
  const toggle = (id: string) =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]));
  const all = selected.length === each.length;
  return (
    <>
      {rows.length > 0 && (
        <div className="mb-3 flex flex-wrap items-center gap-2">
          <Button size="small" onClick={() => setChosen(new Set(all ? [] : each.map(({ id }) => id)))}>
            {all ? "Select none" : `Select all ${each.length}`}
          </Button>
          {rights.update && (
            <>
              <ActButton words="Disable" count={selected.length} onClick={() => setDialog("disable")} />
              <ActButton words="Rotate" count={rotatable.length} onClick={() => setDialog("rotate")} />
            </>
          )}
          {rights.takeAway && subject && (
            <ActButton words="Take access away from" count={selected.length} onClick={() => setDialog("take_away")} />
          )}
          {token && (
            <Button size="small" onClick={() => setDialog("revoke")}>
              Revoke the token…
            </Button>
          )}
          <ExportChosen asked={asked} ids={selected.map(({ id }) => id)} exportCsv={actions.exportCsv} />
        </div>
      )}
      <p role="status" className="mb-2 text-soft text-sm">
        {selected.length > 0 &&
          `${selected.length} of ${each.length} selected; ${rotatable.length === 0 ? "none" : rotatable.length} of them can be rotated from here.`}
      </p>
      <ListTable
        label="Credentials whose present secret is known"
        columns={exposedColumns({ chosen, toggle }, (provider) => providerLabel(provider, own))}
        rows={rows.slice(0, upTo)}
        keyOf={keyOf}
        empty={
          <Empty icon={SearchX} title="No present secret is known this way">
            Nothing was read in these days, or everything that was read has had a new secret since.
          </Empty>
        }
      />
      {rows.length > upTo && (
        <Button size="small" className="mt-3" onClick={() => setUpTo(upTo + STEP)}>
          Show {Math.min(STEP, rows.length - upTo)} more of {rows.length}
        </Button>
      )}
      {dialog !== null && dialog !== "revoke" && (
        <ActDialog
          act={dialog}
          rows={dialog === "rotate" ? rotatable : selected}
          work={acts[dialog]}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "revoke" && token && (
        <RevokeToken
          token={token}
          revoke={actions.revoke}
          onClose={() => {
            setDialog(null);
            router.refresh();
          }}
        />
      )}
    </>
  );
}

const ActButton = ({ words, count, onClick }: { words: string; count: number; onClick: () => void }) => (
  <Button size="small" disabled={count === 0} onClick={onClick}>
    {count > 0 ? `${words} ${count}…` : `${words}…`}
  </Button>
);

interface ExportProps {
  asked: ExposedQuestion;
  ids: string[];
  exportCsv: ExposedActions["exportCsv"];
}

function ExportChosen({ asked, ids, exportCsv }: ExportProps) {
  const { run, busy } = useAction(exportCsv, {
    onDone: (text) => saveFile(new Blob([text], { type: "text/csv" }), "latchkey-exposed.csv"),
    onRefused: (error) => toast.error(error.message),
  });
  return (
    <Button size="small" busy={busy} disabled={ids.length === 0} onClick={() => run({ asked, ids })}>
      {!busy && <Download aria-hidden />} Export as CSV
    </Button>
  );
}
