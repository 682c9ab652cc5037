import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False in the server's HTML and the first draw, so that both agree; true from then on, once React has the page. */
export const useInBrowser = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
