interface Entry {
  source?: string;
  content?: string;
  link?: string;
  mode?: number;
}
export function pack(
  entries: Map<string, Entry>,
  options: { file: string; prefix: string; mtime: Date },
): Promise<void>;
