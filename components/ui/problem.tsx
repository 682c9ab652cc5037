"use client";

import { Button } from "./button";

/** For what nobody foresaw. */
export const Problem = ({ reference, retry }: { reference: string | undefined; retry: () => void }) => (
  <div role="alert" className="space-y-3">
    <h1 className="font-semibold text-xl">This page could not be shown</h1>
    <p className="text-soft">
      Something went wrong that is not your doing. Try again; if it stays, tell whoever runs Latchkey
      {reference ? (
        <>
          {" "}
          this number: <code className="text-ink">{reference}</code>.
        </>
      ) : (
        "."
      )}
    </p>
    <Button variant="primary" onClick={retry}>
      Try again
    </Button>
  </div>
);
