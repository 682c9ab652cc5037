import { clock } from "@/lib/platform/clock";

/** Runs work as if it were later. */
export async function atLater<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { now } = clock;
  clock.now = () => new Date(now().getTime() + ms);
  try {
    return await work();
  } finally {
    clock.now = now;
  }
}

/** A refusal with this code. */
export const refusal = (code: string) => ({ name: "Refusal", code });
