import Link from "next/link";

/** The way back up. */
export const Trail = ({ steps }: { steps: { href: string; label: string }[] }) => (
  <nav aria-label="Breadcrumb" className="mb-1">
    <ol className="flex flex-wrap gap-1 text-soft text-sm">
      {steps.map(({ href, label }) => (
        <li key={href} className="not-last:after:ml-1 not-last:after:content-['/']">
          <Link href={href} className="wrap-anywhere hover:text-ink hover:underline">
            {label}
          </Link>
        </li>
      ))}
    </ol>
  </nav>
);
