import pc from 'picocolors';

/** Colours of the terminal, or none where nobody sees them: output is coloured only on a terminal. */
export const palette: ReturnType<typeof pc.createColors> = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported);
