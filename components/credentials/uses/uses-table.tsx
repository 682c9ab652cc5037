import type { ReactNode } from "react";
import { Cell, HeaderCell, Row, Table, TableFrame } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { InstanceView } from "@/lib/plugin-instances";

interface Props<Use> {
  label: string;
  rows: Use[];
  /** What each names, where the page is not about one credential. */
  credential?: (use: Use) => ReactNode;
}

/** Tasks that are registered as using a credential. On a phone all of one stands in one cell. */
export const UsesTable = <Use extends InstanceView>({ label, rows, credential }: Props<Use>) => (
  <TableFrame>
    <Table aria-label={label} className="table-fixed">
      <thead>
        <tr>
          <HeaderCell>Task</HeaderCell>
          {credential && <HeaderCell className="max-sm:hidden">Credential</HeaderCell>}
          <HeaderCell className="w-76 max-lg:hidden">Flow</HeaderCell>
          <HeaderCell className="w-28 max-sm:hidden">Since</HeaderCell>
          <HeaderCell className="w-44 max-sm:hidden">Registered by</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((use) => (
          <Row key={use.id}>
            <Cell className="wrap-anywhere align-top">
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
            </Cell>
            {credential && <Cell className="wrap-anywhere align-top max-sm:hidden">{credential(use)}</Cell>}
            <Cell className="wrap-anywhere align-top font-mono text-xs leading-5 max-lg:hidden">{use.flowId}</Cell>
            <Cell className="align-top max-sm:hidden">
              <Time at={use.createdAt} />
            </Cell>
            <Cell className="wrap-anywhere align-top max-sm:hidden">{use.registeredBy}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  </TableFrame>
);
