"use client";

import Link from "next/link";
import { useKeptAddress } from "@/components/list/kept-address";

/** The way back up; to a list as one left it. */
export const Breadcrumbs = ({ steps }: { steps: { href: string; label: string }[] }) => (
  <nav aria-label="Breadcrumb" className="mb-1">
    <ol className="flex flex-wrap gap-1 text-soft text-sm">
      {steps.map(({ href, label }) => (
        <li key={href} className="not-last:after:ml-1 not-last:after:content-['/']">
          <Step href={href} label={label} />
        </li>
      ))}
    </ol>
  </nav>
);

const Step = ({ href, label }: { href: string; label: string }) => (
  <Link href={useKeptAddress(href)} className="wrap-anywhere hover:text-ink hover:underline">
    {label}
  </Link>
);
