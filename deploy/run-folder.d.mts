export function runFolder(): { env: { TMPDIR: string }; remove: () => Promise<void> };
