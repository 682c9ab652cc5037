import { refusalOf } from "@/components/feed";
import { RefusalCallout } from "@/components/session/refusal-callout";
import { Button } from "@/components/ui/button";

interface Props {
  uses: { isError: boolean; error: unknown; refetch: () => Promise<unknown> };
}

/** Stands where the uses would. */
export const UsesFailed = ({ uses }: Props) =>
  uses.isError && (
    <RefusalCallout
      error={refusalOf(uses.error)}
      actions={
        <Button size="small" onClick={() => void uses.refetch()}>
          Try again
        </Button>
      }
    />
  );
