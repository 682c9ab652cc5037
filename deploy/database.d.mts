export interface EmbeddedDatabase {
  /** What the application signs in with. */
  url: string;
  /** What migrations sign in with. */
  ownerUrl: string;
  home: string;
  port: number;
  lost: Promise<void>;
  leave(): Promise<void>;
}

export function openDatabase(
  folder: string,
  options?: { alone?: boolean; bare?: boolean; settings?: string[]; log?: (line: string) => void },
): Promise<EmbeddedDatabase>;

export function refuseIfServed(folder: string): Promise<void>;
export function stopIfUnused(folder: string): Promise<void>;
export function addressesOfRunning(folder: string): { url: string; ownerUrl: string } | undefined;
