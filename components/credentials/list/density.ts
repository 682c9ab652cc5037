export const densities = ["comfortable", "compact"] as const;
export type Density = (typeof densities)[number];

/** Remembered in a cookie, so that the server draws the table as it will stay. */
export const densityCookie = "latchkey-density";

export const readDensity = (value: string | undefined): Density => (value === "compact" ? "compact" : "comfortable");

export function rememberDensity(density: Density): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140.
  document.cookie = `${densityCookie}=${density}; path=/; max-age=31536000; samesite=lax`;
}
