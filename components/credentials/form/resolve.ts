import type { FieldErrors, Resolver } from "react-hook-form";
import { type Method, parseData } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { effectiveSecrets, typedData } from "./change";
import { type CredentialValues, cleaned, formFields, isOptional, isOverridden } from "./values";

interface Context {
  methods: Method[];
  /** The credential under edit; absent for a new one. */
  view?: CredentialView;
}

/** The form's judgement is the API's: the same schemas and the same rules over several fields. */
export function credentialResolver({ methods, view }: Context): Resolver<CredentialValues> {
  return (values) => {
    const method = methods.find((one) => one.type === values.type);
    const data = method ? dataProblems(method, values, view) : {};
    const errors: FieldErrors<CredentialValues> = {
      ...(view && values.name.trim() === "" && { name: { type: "missing", message: "Name is required" } }),
      ...(Object.keys(data).length > 0 && { data }),
    };
    return Object.keys(errors).length > 0 ? { values: {}, errors } : { values, errors: {} };
  };
}

type Problems = Record<string, { type: string; message: string }>;

function dataProblems(method: Method, values: CredentialValues, view: CredentialView | undefined): Problems {
  const secrets = view ? effectiveSecrets(method, view, values) : {};
  const kept = Object.keys(secrets).filter((name) => secrets[name] === "keep");
  const cleared = Object.keys(secrets).filter((name) => secrets[name] === "clear");
  const typed = Object.entries(typedData(method, values)).filter(([name]) => !cleared.includes(name));
  // A kept secret is not here to be judged; something must stand for it, or it would read as missing.
  const standIns = kept.map((name) => [name, "kept"] as const);
  const parsed = parseData(method, Object.fromEntries([...typed, ...standIns]));
  const problems: Problems = {};
  for (const problem of parsed.ok ? [] : parsed.problems) {
    const name = String(problem.path[0]);
    if (!kept.includes(name)) problems[name] ??= { type: problem.code, message: problem.message };
  }
  for (const [name, field] of formFields(method)) {
    if (cleaned(field, values.data[name]) !== "" || kept.includes(name)) continue;
    const asked = !isOptional(method, field) && field.default === undefined;
    if (secrets[name] === "replace") {
      const message = `Enter the new ${field.label.toLowerCase()}, or keep the stored one`;
      problems[name] = { type: "missing", message };
    } else if (asked && !isOverridden(field, { ...values, secrets })) {
      problems[name] = { type: "missing", message: `${field.label} is required` };
    }
  }
  return onShown(method, problems);
}

/** A problem with a field that the form does not ask for would be invisible: it is told at the first one it does. */
function onShown(method: Method, problems: Problems): Problems {
  const shown = formFields(method).map(([name]) => name);
  const visible = Object.entries(problems).filter(([name]) => shown.includes(name));
  const [homeless] = Object.entries(problems).filter(([name]) => !shown.includes(name));
  const [first] = shown;
  if (visible.length > 0 || !homeless || first === undefined) return Object.fromEntries(visible);
  return { [first]: homeless[1] };
}
