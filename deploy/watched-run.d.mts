export interface Watched {
  output: string;
  code: number | null;
  cut: string | undefined;
  soFar: { passed: number; skipped: number; failures: { name: string; why: string }[] };
}
export function watchedRun(
  what: string,
  args: string[],
  options: { silentMs: number; env?: Record<string, string | undefined>; signal?: AbortSignal; signMs?: number },
): Promise<Watched>;
