import { QueryClient } from "@tanstack/react-query";

/** The same for the server's prefetch and the browser, so that what was prefetched is not fetched again at once. */
export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // A page that has been away for a while looks again when it comes back; a failed look is the person's to repeat.
      queries: { staleTime: 15_000, retry: false },
    },
  });
