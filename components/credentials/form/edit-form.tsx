"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Card } from "@/components/ui/card";
import { type Method, type Provider, withStoredFields } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { ConflictPanel } from "../conflict/conflict-panel";
import type { CredentialActions } from "../credential-actions";
import { useKind } from "../kind-of-page";
import { offeredMethods } from "../picker/offered";
import { keys } from "../query-keys";
import { credentialChange, dataChange, effectiveSecrets, testOfEdit } from "./change";
import { ClearFields } from "./clear-fields";
import { ConnectionCard } from "./connection-card";
import { FormFrame } from "./form-frame";
import { rebase } from "./rebase";
import { credentialResolver } from "./resolve";
import { SaveBar } from "./save-bar";
import { TestAside } from "./test-panel";
import { useSave } from "./use-save";
import { useTested } from "./use-tested";
import { type CredentialValues, isTestableNow, storedValues } from "./values";

interface Props {
  view: CredentialView;
  requireTest: boolean;
  update: CredentialActions["update"];
}

export function EditForm({ view, requireTest, update }: Props) {
  const edit = useEdit(view);
  const { form, base, methods, values, methodOf } = edit;
  const method = methodOf(values);
  const [conflict, setConflict] = useState(false);
  const tested = useTested({ form, values, requestOf: (now) => requestOf(base, methodOf(now), now) });
  const { refusal, submit } = useSave({
    form,
    tested,
    mustTest: (now) => requireTest && changesData(base, methodOf(now), now),
    write: (now, receipt) => write(update, base, methodOf(now), now, receipt),
    onSaved: useOnSaved(base),
    onRefused: ({ code }) => {
      if (code === "version_mismatch") setConflict(true);
      return code === "version_mismatch";
    },
  });
  const settle = (next: CredentialValues, theirs: CredentialView) => {
    edit.moveTo(next, theirs);
    tested.forget();
    setConflict(false);
  };
  return (
    <FormFrame
      form={form}
      onSubmit={submit}
      aside={<TestAside method={method} values={values} tested={tested} />}
      footer={
        <SaveBar
          tested={isTestableNow(method, values) ? tested : undefined}
          unchanged={!changesData(base, method, values)}
          mustTest={requireTest && changesData(base, method, values)}
          busy={form.formState.isSubmitting || form.formState.isSubmitSuccessful}
          back={`/credentials/${base.id}`}
        />
      }
    >
      {conflict && (
        <ConflictPanel
          base={base}
          mine={decided(values, method, base)}
          method={method}
          onKeepMine={(theirs) =>
            settle(rebase(decided(form.getValues(), method, base), base, theirs, methods), theirs)
          }
          onTakeTheirs={(theirs) => settle(storedValues(theirs, methods), theirs)}
        />
      )}
      {refusal && <RefusalCallout error={refusal.error} extra={refusal.extra} />}
      {method && <ConnectionCard methods={methods} method={method} values={values} base={base} />}
      <Card title="In Latchkey">
        <ClearFields />
      </Card>
    </FormFrame>
  );
}

/** The form, and the state of the credential that the edit was made from. */
function useEdit(view: CredentialView) {
  const [base, setBase] = useState(view);
  const methods = methodsFor(useKind(), base);
  const form = useForm<CredentialValues>({
    defaultValues: storedValues(base, methods),
    resolver: credentialResolver({ methods, view: base }),
    mode: "onTouched",
  });
  const values = useWatch({ control: form.control, compute: (all: CredentialValues) => all });
  const methodOf = (now: CredentialValues) => methods.find((one) => one.type === now.type);
  const moveTo = (next: CredentialValues, theirs: CredentialView) => {
    setBase(theirs);
    form.reset(storedValues(theirs, methods));
    form.reset(next, { keepDefaultValues: true });
  };
  return { form, base, methods, values, methodOf, moveTo };
}

/** A secret that had to be typed again is a choice to replace it, also where it need not be typed any more. */
const decided = (now: CredentialValues, method: Method | undefined, base: CredentialView): CredentialValues =>
  method ? { ...now, secrets: { ...now.secrets, ...effectiveSecrets(method, base, now) } } : now;

/** Ways to sign in that a form can make, and the one at hand however it came about. */
function methodsFor(known: Provider | undefined, { type, secrets }: CredentialView): Method[] {
  if (!known) return [];
  const offered = offeredMethods(known);
  return known.methods
    .filter((method) => method.type === type || offered.includes(method))
    .map((method) => (method.type === type ? withStoredFields(method, Object.keys(secrets)) : method));
}

const changesData = (base: CredentialView, method: Method | undefined, now: CredentialValues): boolean =>
  method !== undefined && isTestableNow(method, now) && dataChange(method, base, now) !== undefined;

const requestOf = (base: CredentialView, method: Method | undefined, now: CredentialValues) =>
  method ? testOfEdit(method, base, now) : { id: base.id };

function write(
  update: Props["update"],
  base: CredentialView,
  method: Method | undefined,
  now: CredentialValues,
  receipt: string | undefined,
) {
  const change = credentialChange(method, base, now);
  return update({ id: base.id, change: { ...change, ...(change.data && receipt !== undefined && { receipt }) } });
}

function useOnSaved(base: CredentialView) {
  const queries = useQueryClient();
  const router = useRouter();
  return (stored: CredentialView) => {
    if (stored.version === base.version) toast.info("Nothing was changed");
    else toast.success(`“${stored.name}” is saved. The next fetch gets the new values.`);
    queries.setQueryData(keys.one(stored.id), stored);
    void queries.invalidateQueries({ queryKey: keys.all });
    router.push(`/credentials/${stored.id}`);
  };
}
