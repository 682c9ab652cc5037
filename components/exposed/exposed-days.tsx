"use client";

import Form from "next/form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useInBrowser } from "@/components/ui/use-in-browser";
import type { ExposedQuestion } from "./exposed-actions";

/** The days that are asked about, as a plain form whose answers stand in the address. */
export function ExposedDays({ asked: { by, from, to } }: { asked: ExposedQuestion }) {
  const inBrowser = useInBrowser();
  return (
    <search className="mb-4 block" aria-label="Days that are asked about">
      <Form action="/audit/exposed" className="flex flex-wrap items-end gap-3">
        <Field required={false} label="From" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
          {(wiring) => <Input {...wiring} name="from" type="date" defaultValue={from} />}
        </Field>
        <Field required={false} label="To" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
          {(wiring) => <Input {...wiring} name="to" type="date" defaultValue={to} />}
        </Field>
        {by && <input type="hidden" name="by" value={by} />}
        {inBrowser && <input type="hidden" name="zone" value={Intl.DateTimeFormat().resolvedOptions().timeZone} />}
        <Button type="submit">Show these days</Button>
      </Form>
    </search>
  );
}
