"use client";

import Form from "next/form";
import Link from "next/link";
import { type ChangeEvent, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { auditOutcomes } from "@/lib/vocabulary/audit-event";
import { actionLabels, outcomeTones } from "./messages";

/** A plain form whose answers stand in the address. What is chosen counts at once; what is typed, when one presses Enter or the button. */
export function AuditFilters({ sent }: { sent: Record<string, string> }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // The form stays while the page behind it changes, so that the focus does; going back and Clear change what it says.
    for (const control of form.current?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-filter]") ?? [])
      control.value = sent[control.name] ?? "";
  }, [sent]);
  const choose = (event: ChangeEvent<HTMLFormElement>) => {
    const control: EventTarget = event.target;
    if (control instanceof HTMLSelectElement || (control instanceof HTMLInputElement && control.type === "date"))
      event.currentTarget.requestSubmit();
  };
  return (
    <search className="mb-4 block" aria-label="Filter the audit log">
      <Form ref={form} action="/audit" onChange={choose} className="flex flex-wrap items-end gap-3">
        <Field required={false} label="Person or thing" className="min-w-40 flex-1 sm:max-w-60">
          {(wiring) => (
            <Input
              {...wiring}
              data-filter
              name="q"
              type="search"
              defaultValue={sent.q}
              maxLength={100}
              placeholder="Part of a name"
            />
          )}
        </Field>
        <Field required={false} label="What happened" className="w-52 max-sm:w-full">
          {(wiring) => (
            <Select {...wiring} data-filter name="action" defaultValue={sent.action ?? ""}>
              <option value="">Anything</option>
              {Object.entries(actionLabels).map(([action, words]) => (
                <option key={action} value={action}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field required={false} label="Outcome" className="w-32 max-sm:w-full">
          {(wiring) => (
            <Select {...wiring} data-filter name="outcome" defaultValue={sent.outcome ?? ""}>
              <option value="">Any</option>
              {auditOutcomes.map((outcome) => (
                <option key={outcome} value={outcome}>
                  {outcomeTones[outcome]?.word ?? outcome}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field required={false} label="From" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
          {(wiring) => <Input {...wiring} data-filter name="from" type="date" defaultValue={sent.from} />}
        </Field>
        <Field required={false} label="To" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
          {(wiring) => <Input {...wiring} data-filter name="to" type="date" defaultValue={sent.to} />}
        </Field>
        <ZoneOfDays sent={sent.zone} />
        {sent.targetId && <input type="hidden" name="targetId" value={sent.targetId} />}
        {sent.actorId && <input type="hidden" name="actorId" value={sent.actorId} />}
        <Button type="submit" variant="primary">
          Filter
        </Button>
        {Object.keys(sent).length > 0 && (
          <Button asChild>
            <Link href="/audit">Clear</Link>
          </Button>
        )}
      </Form>
    </search>
  );
}

/** Days are days where the reader is, as the times in the rows are times there. */
function ZoneOfDays({ sent }: { sent: string | undefined }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  });
  return <input ref={field} type="hidden" name="zone" defaultValue={sent} />;
}
