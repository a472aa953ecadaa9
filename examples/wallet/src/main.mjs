// Starts the wallet. In JavaScript, because a Node.js that does not run TypeScript could not load anything that says so.
//
//   node src/main.mjs [--out DIR]

/** Ends with a line and the exit code for what the machine lacks. @param {string} message */
function stop(message) {
  console.error(message);
  process.exit(3);
}

// False or, in versions before it was there, undefined.
if (!process.features.typescript) {
  stop(
    `Node.js ${process.versions.node} does not run TypeScript, in which this wallet is written. Use the Node.js 24 that the installation brings, node_modules/node/bin/node in the root of the repository, or run npm start there.`,
  );
}
try {
  await import('./wallet.ts');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  stop(
    `The packages are not built: run npm start in the root of the repository once, or node with --conditions=mutual-source. ${error.message}`,
  );
}
