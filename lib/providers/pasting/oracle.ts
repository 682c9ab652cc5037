import { isHost } from "../host-syntax";
import { bareValue } from "../settings";
import type { Found, Reader } from "./read";

/**
 * Reads what people have of an Oracle database: `user/password@//host:1521/service` (EZConnect), JDBC's
 * `jdbc:oracle:thin:@//host:1521/service` and `@host:1521:SID`, and a descriptor `(DESCRIPTION=…)`, alone, behind an alias of
 * tnsnames.ora, or in the place's stead.
 */
export const readOracle: Reader = (text) => {
  const line = unwrapped(text);
  const jdbc = /^jdbc:oracle:(?:thin|oci):/i.exec(line)?.[0];
  const rest = jdbc === undefined ? line : line.slice(jdbc.length);
  const descriptor = rest.search(/\(\s*DESCRIPTION(?:_LIST)?\s*=/i);
  const front = descriptor < 0 ? rest : rest.slice(0, descriptor);
  const [, who = "", place = front] = DIVIDED.exec(front) ?? [];
  if (descriptor >= 0) return withUser(who, ofDescriptor(rest.slice(descriptor)));
  // Whatever else has an @ or a slash in it may be anything.
  const isMeant = jdbc !== undefined || who.includes("/") || /^\/\/|:\d{1,5}[:/]/.test(place);
  return isMeant ? withUser(who, ofPlace(place.trim()) ?? { problem: UNREADABLE }) : undefined;
};

/** Without the name that it is assigned to, and without a program in front. */
function unwrapped(text: string): string {
  const line = text.trim().replace(/^(?:\$ )?(?:sqlplus|sql|expdp|impdp)\s+(?:-\S+\s+)*/i, "");
  return bareValue(
    line.replace(/^(?:export[ \t]+)?(["']?)[\w.:-]{1,99}\1[ \t]*[=:][ \t]*(?=["']?(?:jdbc:|\(|\w+\/))/i, ""),
  );
}

/** What is in front of the last @ says who, what is behind it where. A password in quotes may hold one of its own. */
const DIVIDED = /^((?:[^@"]|"[^"]*")*)@([^@\s]*)$/s;

function ofPlace(place: string): Found | undefined {
  const [, scheme, host, bracketed, port, way, name] =
    /^(?:(tcps?):)?(?:\/\/)?(?:([^:/[\]]+)|\[([^\]]+)\])(?::(\d{1,5}))?(?:([:/])([\w.$#-]+))?(?::(?:dedicated|shared|pooled))?(?:\/[\w$#]+)?(?:\?.*)?$/i.exec(
      place,
    ) ?? [];
  const server = host ?? bracketed;
  // A host alone, or with a port, is a value of its own field.
  if (server === undefined || name === undefined) return undefined;
  return placed(
    { host: server, port, service: way === "/" ? name : undefined, sid: way === ":" ? name : undefined },
    scheme,
  );
}

function ofDescriptor(text: string): Found {
  const told = (name: string) =>
    [...text.matchAll(new RegExp(`\\(\\s*${name}\\s*=\\s*"?([^()"]{1,255}?)"?\\s*\\)`, "gi"))].map(
      ([, value]) => value,
    );
  if ((text.match(/\(/g) ?? []).length !== (text.match(/\)/g) ?? []).length)
    return { problem: "Must be a whole descriptor, from ( to )" };
  const hosts = new Set(told("HOST"));
  const [port] = told("PORT");
  const [[protocol], [service], [sid]] = [told("PROTOCOL"), told("SERVICE_NAME"), told("SID")];
  const found = placed({ host: told("HOST")[0], port, service, sid }, protocol);
  return "problem" in found || hosts.size < 2
    ? found
    : { ...found, note: "It names several hosts: the first was taken." };
}

function placed(
  { host, port, service, sid }: Record<"host" | "port" | "service" | "sid", string | undefined>,
  protocol: string | undefined,
): Found {
  if (host === undefined || !isHost(host)) return { problem: "Must name a host or an IP address" };
  if (port !== undefined && !/^[1-9]\d{0,4}$/.test(port))
    return { problem: "Must have a port from 1 to 65535, or none" };
  return {
    values: {
      ...{ host, port: port === undefined ? undefined : Number(port), service, sid },
      tls: protocol === undefined ? undefined : /^tcps$/i.test(protocol) ? "tls" : "none",
    },
  };
}

function withUser(who: string, found: Found): Found {
  if ("problem" in found) return found;
  const [, quoted, plain, rest = ""] = /^(?:"([^"]*)"|([^/"]*))(?:\/(.*))?$/s.exec(who) ?? [];
  const password = rest.replace(/^"(.*)"$/s, "$1");
  return { ...found, values: { ...found.values, user: quoted ?? plain, password } };
}

const UNREADABLE =
  "Must be like user/password@//host:1521/service, jdbc:oracle:thin:@//host:1521/service, or a descriptor";
