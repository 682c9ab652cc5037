// A signed-in browser's pages, rendered one after the other on a few connections.
/** Signs in; `start` begins rendering on so many connections, `stop` answers how many pages were rendered. */
export async function pageLoad(url, { email, password }) {
  const cookie = await signIn(url, email, password);
  return {
    start(connections) {
      let [going, rendered] = [true, 0];
      const loops = Array.from({ length: connections }, async () => {
        while (going) {
          const answer = await fetch(`${url}/credentials`, { headers: { cookie }, redirect: "manual" });
          await answer.arrayBuffer();
          if (answer.status !== 200) throw new Error(`a page answered ${answer.status}`);
          rendered++;
        }
      });
      return {
        async stop() {
          going = false;
          await Promise.all(loops);
          return rendered;
        },
      };
    },
  };
}

async function signIn(url, email, password) {
  const jar = new Map();
  const send = async (path, init = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url + path, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(";")[0].split(/=(.*)/s);
      jar.set(name, value);
    }
    return answer;
  };
  const { csrfToken } = await (await send("/api/auth/csrf")).json();
  const body = new URLSearchParams({ csrfToken, email, password, json: "true" });
  const answer = await send("/api/auth/callback/credentials", { method: "POST", body });
  if (!answer.ok) throw new Error(`signing in answered ${answer.status}`);
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}
