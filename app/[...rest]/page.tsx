import { notFound } from "next/navigation";

/** An address that nothing else answers at. */
export default function Nowhere(): never {
  notFound();
}
