import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ContractViewer } from "@/components/docs/contract-viewer";
import { Brand } from "@/components/shell/brand";

export const metadata: Metadata = { title: "API" };

const documents = [
  { path: "/docs", label: "Native API", url: "/api/openapi.json" },
  { path: "/docs/flowise", label: "Flowise's dialect", url: "/api/openapi/flowise.json" },
  { path: "/docs/litegraph", label: "LiteGraph's dialect", url: "/api/openapi/litegraph.json" },
];

/** The contract, for people who write clients. It holds no secret, so it is shown to anybody. */
export default async function ContractPage({ params }: { params: Promise<{ dialect?: string[] }> }) {
  const { dialect = [] } = await params;
  const shown = documents.find(({ path }) => path === ["/docs", ...dialect].join("/"));
  if (!shown) notFound();
  return (
    <main className="mx-auto max-w-5xl px-4 py-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <Brand />
        <h1 className="sr-only">{shown.label}</h1>
        <nav aria-label="Documents" className="flex flex-wrap gap-x-4 gap-y-1">
          {documents.map(({ path, label }) => (
            <Link
              key={path}
              href={path}
              aria-current={path === shown.path ? "page" : undefined}
              className="py-1 text-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {label}
            </Link>
          ))}
          <a href={shown.url} className="py-1 text-soft underline">
            The document itself
          </a>
        </nav>
      </header>
      <ContractViewer key={shown.url} url={shown.url} />
    </main>
  );
}
