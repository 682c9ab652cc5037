import "server-only";
import { cookieOf, setCookie } from "./cookies";
import { secure } from "./session-cookie";

/** What a browser keeps so that it is known at its next sign-in. It opens nothing, and no page's script sees it. */
const cookie = () => `${secure() ? "__Host-" : ""}latchkey-device`;
const SECONDS = 180 * 86_400;

export const devicesOf = (headers: Headers): string | undefined => cookieOf(headers, cookie());

export const deviceCookie = (devices: string): string =>
  setCookie(cookie(), devices, { path: "/", seconds: SECONDS, sameSite: "strict" });
