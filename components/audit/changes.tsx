import { Time } from "@/components/ui/time";
import type { AuditView } from "@/lib/platform/audit/history";
import type { PlainValue } from "@/lib/platform/audit/plain-changes";

export interface FieldMessages {
  /** Names of changed fields in the words of the form they stand on. */
  fieldWord: (name: string) => string;
  /** A value as the form shows it. */
  valueWord: (name: string, value: string) => string;
}

/** What an event changed: old and new of each plain value on a line of its own, then the names of what has none to show. */
export function Changes({ event, ...words }: { event: AuditView } & FieldMessages) {
  const changes = Object.entries(event.changes ?? {});
  // As the event names them; what follows from a field, such as the host in an address, comes last.
  const place = (name: string) => (event.fields.indexOf(name) + event.fields.length + 1) % (event.fields.length + 1);
  changes.sort(([a], [b]) => place(a) - place(b));
  const named = event.fields
    .filter((name) => event.changes?.[name] === undefined)
    .map((name) => words.fieldWord(OF_DATA.has(event.action) ? `credentials.${name}` : name));
  return (
    <>
      {changes.length > 0 && (
        <ul className="mt-0.5 space-y-0.5 text-xs">
          {changes.map(([name, change]) => (
            <li key={name}>
              <span className="text-soft">{words.fieldWord(name)}: </span>
              <Change name={name} {...change} valueWord={words.valueWord} />
            </li>
          ))}
        </ul>
      )}
      {named.length > 0 && <span className="block text-soft text-xs">{named.join(", ")}</span>}
    </>
  );
}

/** What is new names the fields of its data, and them alone. */
const OF_DATA = new Set(["credential.created", "credential.imported"]);

interface ChangeProps {
  name: string;
  from: PlainValue;
  to: PlainValue;
  valueWord: FieldMessages["valueWord"];
}

function Change({ name, from, to, valueWord }: ChangeProps) {
  if (Array.isArray(from) && Array.isArray(to)) return <bdi>{difference(from, to)}</bdi>;
  // Two ends on one day differ by the hour.
  const form = Math.abs(Date.parse(String(from)) - Date.parse(String(to))) < 86_400_000 ? "exact" : "day";
  return (
    <>
      <span className="sr-only">from </span>
      <Value name={name} value={from} form={form} valueWord={valueWord} />
      <span aria-hidden className="text-soft">
        {" → "}
      </span>
      <span className="sr-only"> to </span>
      <Value name={name} value={to} form={form} valueWord={valueWord} />
    </>
  );
}

function difference(from: string[], to: string[]): string {
  const added = to.filter((one) => !from.includes(one));
  const removed = from.filter((one) => !to.includes(one));
  return [
    ...(added.length > 0 ? [`added ${added.join(", ")}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(", ")}`] : []),
  ].join("; ");
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** Characters of a value that are shown; the rest is in its title. */
const SHOWN = 80;

interface ValueProps {
  name: string;
  value: PlainValue;
  form: "day" | "exact";
  valueWord: FieldMessages["valueWord"];
}

function Value({ name, value, form, valueWord }: ValueProps) {
  if (value === null) return <span className="text-soft">{name === "expires_at" ? "never" : "nothing"}</span>;
  if (typeof value === "boolean") return switched(name, value);
  const text = String(value);
  if (INSTANT.test(text)) return <Time at={text} form={form} />;
  const word = valueWord(name, text);
  const letters = Array.from(word);
  const isCut = letters.length > SHOWN;
  return (
    <bdi className="whitespace-pre-wrap" {...(isCut && { title: word })}>
      {isCut ? `${letters.slice(0, SHOWN - 1).join("")}…` : word}
    </bdi>
  );
}

const switched = (name: string, on: boolean): string =>
  name === "active" ? (on ? "enabled" : "disabled") : on ? "on" : "off";
