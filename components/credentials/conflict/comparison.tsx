import { Time } from "@/components/ui/time";
import type { Field, Method } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { type CredentialValues, formFields, storedValues } from "../form/values";

interface Props {
  base: CredentialView;
  theirs: CredentialView;
  mine: CredentialValues;
  method: Method | undefined;
}

interface Line {
  name: string;
  label: string;
  theirs: React.ReactNode;
  mine: React.ReactNode;
  both: boolean;
}

/**
 * Field by field: what is on the server now, and what this form holds. Secrets are told apart, never shown. Not a list
 * of things, so not a `ListTable`: it is whole or not there, and its fields are heads of rows.
 */
export function Comparison(props: Props) {
  const lines = linesOf(props);
  if (lines.length === 0) return null;
  return (
    <table className="mt-3 w-full table-fixed border-separate border-spacing-0 rounded-md border border-line bg-surface text-sm">
      <caption className="sr-only">Their values and yours</caption>
      <thead>
        <tr className="text-left text-soft text-xs">
          {["Field", "On the server now", "Yours"].map((title) => (
            <th key={title} scope="col" className="border-line border-b px-2.5 py-1.5 font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.name} className="align-top">
            <th scope="row" className="wrap-anywhere px-2.5 py-1.5 text-left font-medium">
              {line.label}
              {line.both && <span className="block font-normal text-warn text-xs">changed by both</span>}
            </th>
            <td className="wrap-anywhere px-2.5 py-1.5">{line.theirs}</td>
            <td className="wrap-anywhere px-2.5 py-1.5">{line.mine}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function linesOf({ base, theirs, mine, method }: Props): Line[] {
  const methods = method ? [method] : [];
  const [before, after] = [storedValues(base, methods), storedValues(theirs, methods)];
  const plain = (name: string, label: string, old: unknown, fresh: unknown, own: unknown): Line[] =>
    old === fresh && old === own
      ? []
      : [
          {
            name,
            label,
            theirs: shown(fresh),
            mine: own === old ? <Untouched /> : shown(own),
            both: old !== fresh && old !== own,
          },
        ];
  return [
    ...plain("name", "Name", before.name, after.name, mine.name),
    ...plain("tags", "Tags", before.tags, after.tags, mine.tags),
    ...plain("expires", "Expires", before.expires, after.expires, mine.expires),
    ...plain("active", "Enabled", base.active ? "yes" : "no", theirs.active ? "yes" : "no", base.active ? "yes" : "no"),
    ...formFields(method).flatMap(([name, field]) =>
      field.secret
        ? secretLine(name, field, { base, theirs, mine })
        : plain(name, field.label, before.data[name], after.data[name], mine.data[name]),
    ),
  ];
}

function secretLine(name: string, field: Field, { base, theirs, mine }: Omit<Props, "method">): Line[] {
  const [old, fresh] = [base.secrets[name], theirs.secrets[name]];
  const changed = old?.setAt !== fresh?.setAt;
  const typed = Boolean(mine.data[name]) && mine.secrets[name] !== "keep" && mine.secrets[name] !== "clear";
  const touched = typed || mine.secrets[name] === "clear";
  if (!changed && !touched) return [];
  const own = typed ? "a new value that you typed" : "to be cleared";
  return [
    {
      name,
      label: field.label,
      theirs: fresh ? <SetBy at={fresh.setAt} by={fresh.setBy} /> : "not set",
      mine: touched ? own : <Untouched />,
      both: changed && touched,
    },
  ];
}

const shown = (value: unknown) => (value === "" || value === undefined ? "empty" : String(value));
const Untouched = () => <span className="text-soft">not touched</span>;
const SetBy = ({ at, by }: { at: string; by: string }) => (
  <>
    set <Time at={at} /> by {by}
  </>
);
