"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { useForm, useWatch } from "react-hook-form";
import { toast } from "sonner";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAttempt } from "@/components/session/use-attempt";
import { Card } from "@/components/ui/card";
import { type Method, parseData } from "@/lib/providers/define";
import type { CredentialActions } from "../credential-actions";
import { useKind } from "../kind-of-page";
import { offeredMethods } from "../picker/offered";
import { keys } from "../query-keys";
import { newCredential, typedData } from "./change";
import { ClearFields } from "./clear-fields";
import { ConnectionCard } from "./connection-card";
import { FormFrame } from "./form-frame";
import { credentialResolver } from "./resolve";
import { SaveBar } from "./save-bar";
import { TestAside } from "./test-panel";
import { useSave } from "./use-save";
import { useTested } from "./use-tested";
import { blankValues, type CredentialValues, isTestableNow } from "./values";

interface Props {
  provider: string;
  requireTest: boolean;
  create: CredentialActions["create"];
}

export function CreateForm({ provider, requireTest, create }: Props) {
  const { form, methods, values, methodOf } = useNewCredential();
  const method = methodOf(values);
  const tested = useTested({
    form,
    values,
    requestOf: (now) => ({ provider, type: now.type, data: typedData(methodOf(now), now) }),
  });
  const onSaved = useOnSaved();
  const attempts = useAttempt();
  const { refusal, submit } = useSave({
    form,
    tested,
    mustTest: (now) => requireTest && isTestableNow(methodOf(now), now),
    write: (now, receipt) => create({ ...newCredential(provider, methodOf(now), now), receipt }, attempts.of(now)),
    onSaved,
  });
  return (
    <FormFrame
      form={form}
      onSubmit={submit}
      aside={<TestAside method={method} values={values} tested={tested} />}
      footer={
        <SaveBar
          tested={isTestableNow(method, values) ? tested : undefined}
          mustTest={requireTest}
          busy={form.formState.isSubmitting || form.formState.isSubmitSuccessful}
          back="/credentials/new"
        />
      }
    >
      {refusal && <RefusalCallout error={refusal.error} extra={refusal.extra} />}
      <ConnectionCard methods={methods} method={method} values={values} />
      <Card title="In Latchkey">
        <ClearFields suggestion={suggestionOf(method, values)} />
      </Card>
    </FormFrame>
  );
}

function useNewCredential() {
  const kind = useKind();
  const methods = useMemo(() => (kind ? offeredMethods(kind) : []), [kind]);
  const [first] = methods;
  if (!first) throw new Error("The page offers a form only for providers that have one");
  const form = useForm<CredentialValues>({
    defaultValues: blankValues(methods, first.type),
    resolver: credentialResolver({ methods }),
    mode: "onTouched",
  });
  const values = useWatch({ control: form.control, compute: (all: CredentialValues) => all });
  const methodOf = (now: CredentialValues): Method => methods.find((one) => one.type === now.type) ?? first;
  return { form, methods, values, methodOf };
}

function useOnSaved() {
  const queries = useQueryClient();
  const router = useRouter();
  return (view: { id: string; name: string }, tested: boolean) => {
    toast.success(`“${view.name}” is saved${tested ? "" : ", not tested"}`);
    queries.setQueryData(keys.one(view.id), view);
    queries.setQueryData(keys.justMade, view.id);
    void queries.invalidateQueries({ queryKey: keys.all });
    router.push(`/credentials/${view.id}`);
  };
}

/** What it is called when nobody names it. */
function suggestionOf(method: Method, values: CredentialValues): string {
  const parsed = parseData(method, typedData(method, values));
  return parsed.ok ? method.summary(parsed.data) : "";
}
