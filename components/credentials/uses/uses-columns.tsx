import type { ReactNode } from "react";
import type { Column } from "@/components/list/list-table";
import { Time } from "@/components/ui/time";
import type { InstanceView } from "@/lib/plugin-instances";

/**
 * Of tasks that are registered as using a credential. On a phone all of one stands in one cell.
 * @param credential what each names, where the page is not about one credential
 */
export const usesColumns = <Use extends InstanceView>(credential?: (use: Use) => ReactNode): Column<Use>[] => [
  {
    id: "task",
    head: "Task",
    cellClass: "wrap-anywhere align-top",
    cell: (use) => (
      <>
        <span className="block font-medium">{use.taskName}</span>
        {use.description && (
          <span className="line-clamp-3 whitespace-pre-line text-soft text-xs" title={use.description}>
            {use.description}
          </span>
        )}
        <span className="block text-soft text-xs lg:hidden">
          Flow <span className="font-mono">{use.flowId}</span>
        </span>
        {credential && <span className="mt-1 block text-xs sm:hidden">{credential(use)}</span>}
        <span className="block text-soft text-xs sm:hidden">
          <Time at={use.createdAt} /> by {use.registeredBy}
        </span>
      </>
    ),
  },
  ...(credential
    ? [
        {
          id: "credential",
          head: "Credential",
          className: "max-sm:hidden",
          cellClass: "wrap-anywhere align-top",
          cell: credential,
        },
      ]
    : []),
  {
    id: "flow",
    head: "Flow",
    className: "w-76 max-lg:hidden",
    cellClass: "wrap-anywhere align-top font-mono text-xs leading-5",
    cell: ({ flowId }) => flowId,
  },
  {
    id: "since",
    head: "Since",
    className: "w-28 max-sm:hidden",
    cellClass: "align-top",
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: "registered_by",
    head: "Registered by",
    className: "w-44 max-sm:hidden",
    cellClass: "wrap-anywhere align-top",
    cell: ({ registeredBy }) => registeredBy,
  },
];
