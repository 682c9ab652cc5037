/**
 * The generator of the TypeScript client's types builds on the compiler's programming interface, which the compiler that checks this
 * project no longer has: it gets one of its own.
 */
function readPackage(manifest) {
  if (manifest.name !== "openapi-typescript") return manifest;
  delete manifest.peerDependencies.typescript;
  manifest.dependencies.typescript = "5.9.3";
  return manifest;
}

module.exports = { hooks: { readPackage } };
