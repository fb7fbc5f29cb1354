/** How this Node runs a TypeScript program from the sources. */
export const FROM_SOURCES: readonly string[] = [
  process.execPath,
  '--conditions=@cablecar/source',
  '--import',
  'tsx',
];
