export interface Server {
  /** The superuser's address of the database `postgres`. */
  url: string;
  port: number;
  joined: boolean;
  home: string;
  stop(): Promise<void>;
}

export function startPostgres(folder: string, options?: { settings?: string[] }): Promise<Server>;
export function runningPostgres(folder: string): string | undefined;
export function stopPostgres(folder: string): Promise<void>;
export function keepLogSmall(home: string, bytes?: number): void;
export function answers(url: string): Promise<boolean>;
