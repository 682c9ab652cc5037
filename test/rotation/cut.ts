import type * as Connections from "@/lib/providers/connections";

/** Where the process "dies": an error in the very place, before or after one job at the other side. */
export const cut: { at: string | undefined; meanwhile: Record<string, () => Promise<unknown>> } = {
  at: undefined,
  /** What others do right after a job. */
  meanwhile: {},
};

class Cut extends Error {}

/** The real module, with cuts. */
export function cuttable(real: typeof Connections): typeof Connections {
  const within = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (cut.at === `before ${name}`) throw new Cut();
    const answer = await work();
    await cut.meanwhile[name]?.();
    if (cut.at === `after ${name}`) throw new Cut();
    return answer;
  };
  return {
    ...real,
    runOperation: (job, options) => within(job.act, () => real.runOperation(job, options)),
    testSignIn: (provider, data, options) => within("sign-in", () => real.testSignIn(provider, data, options)),
  };
}
