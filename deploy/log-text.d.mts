export function logFormat(env: Record<string, string | undefined>, stdout: { isTTY?: boolean }): "json" | "text";
export function forPeople(line: Record<string, unknown> & { level: number; time: string; msg: string }): string;
