import "server-only";

/**
 * Finds the route of a path as Next's App Router would: a fixed segment before a parameter, a parameter before the rest.
 * An optional rest, `[[...rest]]`, takes everything below it, doubled and trailing slashes too: the door that declares
 * one answers for its whole prefix.
 */
export class RouteTable<T> {
  readonly #root: Branch<T> = branch();

  /** @param file of the route below `app`, such as `(superai)/api/integrations/[...rest]/route.ts` */
  add(file: string, value: T): void {
    const names: string[] = [];
    let at = this.#root;
    for (const segment of segmentsOf(file)) {
      const rest = /^\[{1,2}\.\.\.(.+?)\]{1,2}$/.exec(segment)?.[1];
      if (rest) {
        const everything = segment.startsWith("[[");
        at.rest = { value, names: [...names, rest], everything };
        if (everything) at.leaf ??= { value, names };
        return;
      }
      const name = /^\[(.+)\]$/.exec(segment)?.[1];
      if (name) names.push(name);
      at = name ? parameterOf(at) : fixedOf(at, segment);
    }
    at.leaf = { value, names };
  }

  /**
   * @param path without its query
   * @throws URIError for a segment that is not well-formed percent-encoding
   */
  match(path: string): { value: T; params: Record<string, string | string[]> } | undefined {
    const segments = path.split("/").slice(1);
    const found = find(this.#root, segments, 0, []);
    if (!found) return undefined;
    const params = found.leaf.names.map((name, index) => [name, decoded(found.values[index] ?? [])]);
    return { value: found.leaf.value, params: Object.fromEntries(params) };
  }
}

interface Leaf<T> {
  value: T;
  /** Of the parameters on the way, in order. Two routes may give the same segment different names. */
  names: string[];
  /** A rest that may hold empty segments. */
  everything?: boolean;
}

interface Branch<T> {
  fixed: Map<string, Branch<T>>;
  parameter?: Branch<T>;
  rest?: Leaf<T>;
  leaf?: Leaf<T>;
}

interface Found<T> {
  leaf: Leaf<T>;
  values: (string | string[])[];
}

const branch = <T>(): Branch<T> => ({ fixed: new Map() });

/** Route groups are folders for people only; the file itself is no segment. */
const segmentsOf = (file: string) =>
  file
    .split("/")
    .slice(0, -1)
    .filter((segment) => !/^\(.*\)$/.test(segment));

function parameterOf<T>(at: Branch<T>): Branch<T> {
  at.parameter ??= branch();
  return at.parameter;
}

function fixedOf<T>(at: Branch<T>, segment: string): Branch<T> {
  const next = at.fixed.get(segment) ?? branch<T>();
  at.fixed.set(segment, next);
  return next;
}

function find<T>(at: Branch<T>, segments: string[], from: number, values: (string | string[])[]): Found<T> | undefined {
  const segment = segments[from];
  if (segment === undefined) return at.leaf && { leaf: at.leaf, values };
  const fixed = at.fixed.get(segment);
  const inFixed = fixed && find(fixed, segments, from + 1, values);
  if (inFixed) return inFixed;
  // An empty segment (a doubled or trailing slash) is no value of a parameter.
  const inParameter = segment && at.parameter && find(at.parameter, segments, from + 1, [...values, segment]);
  if (inParameter) return inParameter;
  const rest = segments.slice(from);
  if (!at.rest || (rest.includes("") && !at.rest.everything)) return undefined;
  return { leaf: at.rest, values: [...values, rest] };
}

const decoded = (value: string | string[]) =>
  Array.isArray(value) ? value.map((segment) => decodeURIComponent(segment)) : decodeURIComponent(value);
