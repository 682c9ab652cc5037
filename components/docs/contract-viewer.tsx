"use client";

import "swagger-ui-dist/swagger-ui.css";
import { useTheme } from "next-themes";
import { useEffect, useRef, useState } from "react";
import { Callout } from "@/components/ui/callout";

/** What the viewer's own stylesheet goes by. */
const DARK = "dark-mode";

/** Leaves out the viewer's dialog for tokens, and the locks that open it. */
const nothing = () => () => null;
const withoutTokens = () => ({ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } });

/**
 * A document of the API, to be read. Nothing can be tried out here: a page that asks for tokens would teach people to paste
 * them into pages.
 */
export function ContractViewer({ url }: { url: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    let left = false;
    // Too large to be part of any other page.
    import("swagger-ui-dist/swagger-ui-es-bundle.js")
      .then(({ default: SwaggerUI }) => {
        if (left || !place.current) return;
        SwaggerUI({
          domNode: place.current,
          url,
          deepLinking: true,
          docExpansion: "list",
          defaultModelsExpandDepth: 0,
          supportedSubmitMethods: [],
          validatorUrl: null,
          plugins: [withoutTokens],
        });
      })
      .catch(() => setFailed(true));
    return () => {
      left = true;
    };
  }, [url]);
  useEffect(() => {
    document.documentElement.classList.toggle(DARK, resolvedTheme === "dark");
    return () => document.documentElement.classList.remove(DARK);
  }, [resolvedTheme]);
  return (
    <>
      {failed && (
        <Callout tone="bad" title="The document could not be shown">
          Load the page again, or read the document itself.
        </Callout>
      )}
      <div ref={place} className="min-w-0 [overflow-wrap:anywhere]" />
    </>
  );
}
