/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // The front compresses, and serves what is built compressed.
  compress: false,
  // The same sources are the same build (deploy/build.mjs).
  generateBuildId: () => process.env.LATCHKEY_BUILD_ID ?? null,
  // Types are judged by the test command, once, over everything.
  typescript: { ignoreBuildErrors: true },
  // Native and worker-based packages stay outside the bundle.
  serverExternalPackages: [
    "@node-rs/argon2",
    "pg",
    "pg-boss",
    "ssh2",
    "sshpk",
    "pino",
    "rate-limiter-flexible",
    "@prisma/client",
    "@prisma/adapter-pg",
  ],
  // The API's paths are the gateway's. Next finds the same route files in app/, and must not serve them: nobody counts,
  // times or names a caller there. This is judged by Next's own reading of a path, whatever the gateway made of it.
  async rewrites() {
    const api = [
      ...["integrations", "plugins", "litegraph", "auth/v1", "v1.0", "v2.0", "api/:first((?!auth(?:/|$))[^/]+)"],
      // Beside next-auth's own, which are the console's.
      ...["api/auth/v1", "api/auth/anon-key"],
    ];
    return {
      beforeFiles: api.map((prefix) => ({ source: `/${prefix}/:path*`, destination: "/nothing/here" })),
      afterFiles: [{ source: "/favicon.ico", destination: "/icon.svg" }],
    };
  },
};
