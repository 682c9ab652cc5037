import { Check, TriangleAlert } from "lucide-react";
import { type Authorization, labelsOf, missingScopes } from "@/lib/providers/authorization";
import type { CredentialView } from "@/lib/vocabulary/credential-view";

interface Props {
  view: Pick<CredentialView, "config">;
  authorization: Authorization;
}

/** What was asked for, with what was granted of it; and what was granted unasked. */
export function PermissionList({ view, authorization }: Props) {
  const { scopes } = authorization;
  const [asked, granted] = [words(view.config.requested_scope), words(view.config.scope)];
  const lacking = lackingOf(view, authorization);
  const shown = [...new Set([...asked, ...unasked(asked, granted)])];
  if (shown.length === 0) return <span className="text-soft">Not known</span>;
  return (
    <ul className="space-y-1">
      {shown.map((scope) => {
        const isMissing = lacking.includes(scope);
        const Icon = isMissing ? TriangleAlert : Check;
        return (
          <li key={scope} className="flex items-start gap-1.5" title={scope}>
            <Icon
              aria-hidden
              className={isMissing ? "mt-0.5 size-4 shrink-0 text-warn" : "mt-0.5 size-4 shrink-0 text-good"}
            />
            <span className="wrap-anywhere min-w-0">
              {labelsOf(scopes, [scope])[0]}
              {isMissing && <span className="font-medium text-warn"> (asked for, not granted)</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What was asked for and not granted; unknown, and so nothing, where the credential has a client of its own. */
export const lackingOf = ({ config }: Props["view"], { client }: Authorization): string[] =>
  client === "operator" ? missingScopes(words(config.requested_scope).join(" "), words(config.scope).join(" ")) : [];

const words = (value: unknown): string[] => (typeof value === "string" ? value.split(/\s+/).filter(Boolean) : []);

/** The server's own spelling of what was asked for is no other permission. */
const unasked = (asked: string[], granted: string[]): string[] =>
  missingScopes(
    granted.join(" "),
    [...asked, ...asked.map((scope) => `https://graph.microsoft.com/${scope}`)].join(" "),
  ).filter((scope) => !SPELLINGS.has(scope));

const SPELLINGS: ReadonlySet<string> = new Set([
  "https://www.googleapis.com/auth/userinfo.email",
  "https://www.googleapis.com/auth/userinfo.profile",
]);
