"use client";

import Link from "next/link";
import { useState } from "react";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Fact, Facts } from "@/components/ui/facts";
import { Segmented } from "@/components/ui/segmented";

const languages = ["curl", "typescript", "python"] as const;
type Language = (typeof languages)[number];

const labels: Record<Language, string> = { curl: "curl", typescript: "TypeScript", python: "Python" };

/** What a program sends, for each language. Its token is read from the environment and stands nowhere in it. */
const commands: Record<Language, (url: string) => string> = {
  curl: (url) => `curl -s ${url} \\\n  -H "Authorization: Bearer $LATCHKEY_TOKEN"`,
  typescript: (url) =>
    [
      'import { env } from "node:process";',
      "",
      `const answer = await fetch("${url}", {`,
      '  headers: { authorization: "Bearer " + env.LATCHKEY_TOKEN },',
      "});",
      'if (!answer.ok) throw new Error("Latchkey answered " + answer.status);',
      "const values = await answer.json();",
    ].join("\n"),
  python: (url) =>
    [
      "import json, os, urllib.request",
      "",
      "request = urllib.request.Request(",
      `    "${url}",`,
      '    headers={"Authorization": f"Bearer {os.environ[\'LATCHKEY_TOKEN\']}"},',
      ")",
      "with urllib.request.urlopen(request) as answer:",
      "    values = json.load(answer)",
    ].join("\n"),
};

interface Props {
  /** Where it is fetched. */
  address: string;
  className?: string;
}

/** How a program gets the plain values: where, with what, and the whole command but for its token. */
export function FetchCommand({ address, className }: Props) {
  const [language, setLanguage] = useState<Language>("curl");
  const command = commands[language](address);
  return (
    <Card
      title="How a program fetches it"
      description="With the token of a service account that may use it, in LATCHKEY_TOKEN. Each fetch is on record."
      {...(className && { className })}
    >
      <Facts>
        <Fact name="Address">
          <Copied text={address} what="the address" />
        </Fact>
        <Fact name="Header">
          <Copied text="Authorization: Bearer $LATCHKEY_TOKEN" what="the header" />
        </Fact>
      </Facts>
      <div className="mt-3 flex items-center justify-between gap-2">
        <Segmented
          label="Language of the command"
          value={language}
          options={languages.map((value) => ({ value, label: labels[value] }))}
          onChange={setLanguage}
        />
        <CopyButton text={command} what="the command" />
      </div>
      <pre className="wrap-anywhere mt-2 min-h-40 whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-sm">
        <code>{command}</code>
      </pre>
      <p className="mt-2 text-soft text-sm">
        Tokens are made at{" "}
        <Link href="/service-accounts" className="text-accent underline underline-offset-2">
          Service accounts
        </Link>
        .
      </p>
    </Card>
  );
}

const Copied = ({ text, what }: { text: string; what: string }) => (
  <span className="-my-1.5 flex items-center gap-1">
    <code className="wrap-anywhere min-w-0 font-mono text-sm">{text}</code>
    <CopyButton text={text} what={what} />
  </span>
);
