import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { auditOutcomes } from "@/lib/audit/event";
import { actionWords, outcomeTones } from "./words";

/** A plain form whose answers stand in the address. */
export const AuditFilters = ({ sent }: { sent: Record<string, string> }) => (
  <search className="mb-4 block" aria-label="Filter the audit log">
    <Form action="/audit" key={JSON.stringify(sent)} className="flex flex-wrap items-end gap-3">
      <Field label="Person or thing" className="min-w-40 flex-1 sm:max-w-60">
        {(wiring) => (
          <Input
            {...wiring}
            name="q"
            type="search"
            defaultValue={sent.q}
            maxLength={100}
            placeholder="Part of a name"
          />
        )}
      </Field>
      <Field label="What happened" className="w-52 max-sm:w-full">
        {(wiring) => (
          <Select {...wiring} name="action" defaultValue={sent.action ?? ""}>
            <option value="">Anything</option>
            {Object.entries(actionWords).map(([action, words]) => (
              <option key={action} value={action}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Outcome" className="w-32 max-sm:w-full">
        {(wiring) => (
          <Select {...wiring} name="outcome" defaultValue={sent.outcome ?? ""}>
            <option value="">Any</option>
            {auditOutcomes.map((outcome) => (
              <option key={outcome} value={outcome}>
                {outcomeTones[outcome]?.word ?? outcome}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="From" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
        {(wiring) => <Input {...wiring} name="from" type="date" defaultValue={sent.from} />}
      </Field>
      <Field label="To" className="w-38 max-sm:w-auto max-sm:flex-1 max-sm:basis-36">
        {(wiring) => <Input {...wiring} name="to" type="date" defaultValue={sent.to} />}
      </Field>
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
