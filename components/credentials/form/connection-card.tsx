"use client";

import { useFormContext } from "react-hook-form";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import type { Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { effectiveSecrets } from "./change";
import { MethodChoice, MethodFields } from "./method-fields";
import { PasteBox } from "./paste-box";
import { useFill } from "./use-fill";
import type { CredentialValues } from "./values";

interface Props {
  methods: Method[];
  method: Method;
  values: CredentialValues;
  /** The credential under edit; absent for a new one. */
  base?: CredentialView;
}

/** Everything that goes to the other side: pasted in one piece, or field by field. */
export function ConnectionCard({ methods, method, values, base }: Props) {
  const form = useFormContext<CredentialValues>();
  const fill = useFill(form, methods);
  const sameType = method.type === base?.type;
  return (
    <>
      {method.paste && <PasteBox fill={fill} />}
      <Card title="Connection">
        <div className="space-y-4" data-first-field>
          <MethodChoice
            methods={methods}
            value={method.type}
            onChange={(type) => form.setValue("type", type, { shouldDirty: true })}
          />
          {base && !sameType && (
            <Callout tone="info">
              Another way to sign in: its secrets have to be entered. The id stays the same.
            </Callout>
          )}
          <MethodFields
            key={method.type}
            method={method}
            secrets={base ? effectiveSecrets(method, base, values) : {}}
            view={sameType ? base : undefined}
            onPaste={(text) => fill(text).ok}
          />
        </div>
      </Card>
    </>
  );
}
