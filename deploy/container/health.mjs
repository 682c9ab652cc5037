// For a container's health check: ends with 0 while requests can be served. The image has no curl.
const url = `http://127.0.0.1:${process.env.PORT || 3000}/api/health/ready`;
const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch(() => undefined);
process.exit(answer?.status === 200 ? 0 : 1);
