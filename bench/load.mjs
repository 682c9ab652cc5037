// One load run in a process of its own, so that counting does not share the loop it counts with. Options come as JSON
// in the first argument; figures go as JSON to standard output.
import autocannon from "autocannon";

const { url, connections, seconds, method, headers, path, body, ids } = JSON.parse(process.argv[2]);
const idOf = (n) => `018f0000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
// A different credential each time, so that nothing is answered from a warm single row.
const { count, first = 0, step = 1 } = ids;
const next = () => idOf(first + step * Math.floor(Math.random() * count));

const times = [];
const run = autocannon({
  url,
  connections,
  duration: seconds,
  requests: [
    {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
      setupRequest: (request) => ({ ...request, path: path.replace("{id}", next()) }),
    },
  ],
});
run.on("response", (_client, _status, _bytes, responseTime) => times.push(responseTime));
const { duration, non2xx, errors } = await run;
times.sort((a, b) => a - b);
const percentile = (share) =>
  Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100;
process.stdout.write(
  JSON.stringify({
    rate: times.length / duration,
    seconds: duration,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    failed: non2xx + errors,
  }),
);
