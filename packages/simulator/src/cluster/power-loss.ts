/**
 * Thrown where a node ends in the middle of something. It is no `Error`, so that nothing takes it for a failure that it could report: what was
 * running is over.
 */
export const POWER_LOSS: { readonly name: string } = { name: 'power loss' };
