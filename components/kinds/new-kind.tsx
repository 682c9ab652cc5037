"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import type { Action } from "@/components/session/action";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { useAction } from "@/components/session/use-action";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Form } from "@/components/ui/form";
import { Input, Textarea } from "@/components/ui/input";
import { registered } from "@/components/ui/registered";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { KindStart } from "@/lib/own-kinds";
import { type EditorActions, KindEditor } from "./kind-editor";

interface Props {
  actions: EditorActions & {
    draft: Action<KindStart, string>;
    draftOfDocument: Action<{ document: string }, string>;
  };
}

const WAYS = [
  { value: "form", label: "By form" },
  { value: "document", label: "From an OpenAPI document" },
  { value: "text", label: "As text" },
] as const;
type Way = (typeof WAYS)[number]["value"];

/** A new kind: a form or a document makes its definition, which is then tried out, changed and saved. */
export function NewKind({ actions }: Props) {
  const [way, setWay] = useState<Way>("form");
  const [text, setText] = useState<string>();
  const drafted = (made: string) => {
    setText(made);
    setWay("text");
  };
  return (
    <div className="space-y-5">
      <Segmented label="How to begin" value={way} options={[...WAYS]} onChange={setWay} />
      {way === "form" && <StartForm draft={actions.draft} onDraft={drafted} />}
      {way === "document" && <FromDocument draft={actions.draftOfDocument} onDraft={drafted} />}
      {way === "text" && <KindEditor initial={text ?? BLANK} actions={actions} />}
    </div>
  );
}

const BLANK = `schema: 1
id: own_
label:
credential_type: api_key
fields:
  - name: apiKey
    kind: password
    label: API key
authentication:
  - scheme: bearer
    token: "{apiKey}"
base_url: https://
test:
  path: /
`;

const Start = z.object({
  label: z.string().trim().min(1, "Name is required").max(60, "At most 60 characters"),
  address: z
    .string()
    .trim()
    .regex(/^(?:|https:\/\/\S+)$/, "Must begin with https://"),
  scheme: z.enum(["bearer", "header", "query", "basic"]),
  name: z.string().trim().max(100),
  path: z.string().trim().regex(/^\//, "Must begin with /"),
});
type Start = z.infer<typeof Start>;

function StartForm({ draft, onDraft }: { draft: Action<KindStart, string>; onDraft: (text: string) => void }) {
  const form = useForm<Start>({
    resolver: zodResolver(Start),
    defaultValues: { label: "", address: "", scheme: "bearer", name: "", path: "/" },
  });
  const { run, busy, error } = useAction(draft, { onDone: onDraft });
  const { errors } = form.formState;
  const scheme = form.watch("scheme");
  const submit = form.handleSubmit(({ address, name, ...rest }) =>
    run({ ...rest, ...(address && { address }), ...(name && { name }) }),
  );
  return (
    <Card title="The service" className="max-w-2xl">
      <Form onSubmit={(event) => void submit(event)}>
        {error && <RefusalCallout error={error} extra={error.fields.map(({ message }) => message)} />}
        <Field label="Name" error={errors.label?.message}>
          {(wiring) => <Input {...wiring} {...registered(form, "label")} autoComplete="off" />}
        </Field>
        <Field
          label="Address"
          optional
          help="Where its API is. Left empty, each credential says it in a field of its own."
          error={errors.address?.message}
        >
          {(wiring) => (
            <Input
              {...wiring}
              {...registered(form, "address")}
              placeholder="https://api.example.com"
              autoComplete="off"
            />
          )}
        </Field>
        <Field label="How requests are signed">
          {(wiring) => (
            <Select {...wiring} {...registered(form, "scheme")}>
              <option value="bearer">A token, as Authorization: Bearer</option>
              <option value="header">A key in a header</option>
              <option value="query">A key in the address</option>
              <option value="basic">User name and password</option>
            </Select>
          )}
        </Field>
        {(scheme === "header" || scheme === "query") && (
          <Field
            label={scheme === "header" ? "Name of the header" : "Name of the parameter"}
            optional
            help={scheme === "header" ? "X-API-Key where nothing is said." : "api_key where nothing is said."}
          >
            {(wiring) => <Input {...wiring} {...registered(form, "name")} autoComplete="off" />}
          </Field>
        )}
        <Field
          label="Path that the test asks for"
          help="Something small that every key may read and that costs nothing, such as /v1/me."
          error={errors.path?.message}
        >
          {(wiring) => <Input {...wiring} {...registered(form, "path")} autoComplete="off" />}
        </Field>
        <Button variant="primary" type="submit" busy={busy}>
          Make the definition
        </Button>
      </Form>
    </Card>
  );
}

interface DocumentProps {
  draft: Action<{ document: string }, string>;
  onDraft: (text: string) => void;
}

function FromDocument({ draft, onDraft }: DocumentProps) {
  const [document, setDocument] = useState("");
  const { run, busy, error } = useAction(draft, { onDone: onDraft });
  return (
    <Card title="OpenAPI document" description="Its server and its way of signing make a definition to go on from.">
      <div className="space-y-3">
        {error && <RefusalCallout error={error} />}
        <Field label="Document (JSON or YAML)">
          {(wiring) => (
            <Textarea
              {...wiring}
              value={document}
              onChange={(event) => setDocument(event.target.value)}
              rows={14}
              spellCheck={false}
            />
          )}
        </Field>
        <Button variant="primary" busy={busy} onClick={() => run({ document })}>
          Make the definition
        </Button>
      </div>
    </Card>
  );
}
