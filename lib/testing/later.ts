import { clock } from "@/lib/clock";

/** Runs work as if it were later. */
export async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
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
