import "server-only";
import { printable } from "../printable";
import { refuseInput } from "../refuse-input";
import type { StoredCredential, StoredRow } from "./tables";

const CHOOSE = "Which workspace is to be imported?";
/** Workspaces that a refusal names. */
const NAMED_MAX = 20;

/**
 * The rows of the workspace that is asked for by id or name, or of the only one that has any. Rows that belong to none
 * (versions before workspaces) come along where no workspace is asked for.
 * @throws Refusal "invalid" naming the workspaces there are, when it is none of them or there are several
 */
export function rowsOfWorkspace({ rows, workspaces }: StoredCredential, wanted: string | undefined): StoredRow[] {
  const used = new Set(rows.flatMap(({ workspaceId }) => (workspaceId === null ? [] : [workspaceId])));
  const known = [...used].map((id) => ({ id, name: workspaces.find((one) => one.id === id)?.name ?? null }));
  const listed = () => words(known);
  if (wanted !== undefined && wanted.trim() !== "") {
    const asked = wanted.trim();
    const byId = known.filter(({ id }) => id === asked);
    const found = byId.length > 0 ? byId : known.filter(({ name }) => name?.toLowerCase() === asked.toLowerCase());
    const [only, another] = found;
    if (only && !another) return rows.filter(({ workspaceId }) => workspaceId === only.id);
    const why = another ? "Several workspaces have this name; give its id" : "No credential lies in this workspace";
    throw refuseInput(CHOOSE, "part", `${why}. The database holds credentials of: ${listed()}.`, "workspace");
  }
  if (used.size <= 1) return rows;
  throw refuseInput(
    CHOOSE,
    "part",
    `The database holds credentials of several. Choose one, and import each into the organisation it belongs to: ${listed()}.`,
    "workspace",
  );
}

function words(workspaces: { id: string; name: string | null }[]): string {
  if (workspaces.length === 0) return "none";
  const shown = workspaces
    .slice(0, NAMED_MAX)
    .map(({ id, name }) => (name ? `${printable(name)} (${printable(id)})` : printable(id)));
  return [...shown, ...(workspaces.length > NAMED_MAX ? ["…"] : [])].join(", ");
}
