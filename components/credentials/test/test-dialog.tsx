"use client";

import { useQueryClient } from "@tanstack/react-query";
import { PlugZap } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { keys } from "../query-keys";
import { TestReport } from "./test-report";
import { useConnectionTest } from "./use-connection-test";

interface Props {
  view: CredentialView;
  onClose: () => void;
}

/** Tests what is stored; the result becomes the credential's health. */
export function TestDialog({ view, onClose }: Props) {
  const test = useConnectionTest();
  const queries = useQueryClient();
  const running = test.state.phase === "running";
  const start = async () => {
    await test.start({ id: view.id });
    await queries.invalidateQueries({ queryKey: keys.all });
  };
  // Whoever opened it has pressed "Test" already.
  const begin = useRef(start);
  useEffect(() => void begin.current(), []);
  const close = () => {
    test.cancel();
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Test “${view.name}”`}
      description={`Signs in with the stored values: ${view.summary}.`}
      footer={
        <>
          <Button onClick={close}>{running ? "Cancel" : "Close"}</Button>
          <Button variant="primary" busy={running} onClick={() => void start()}>
            {!running && <PlugZap aria-hidden />}
            Test again
          </Button>
        </>
      }
    >
      <div className="min-h-40">
        <TestReport
          run={test.state}
          idle={<p className="text-soft">Nothing is changed by a test but the health shown here.</p>}
        />
      </div>
    </Dialog>
  );
}
