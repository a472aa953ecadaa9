/** A block as an auditor gets it. */
export type SourcedBlock = {
  readonly height: number;
  /** Canonical bytes. */
  readonly block: Uint8Array;
  /** Canonical bytes of the certificate; undefined where the source keeps none. */
  readonly certificate: Uint8Array | undefined;
};

/** Where an auditor gets the blocks of a chain from. */
export type BlockSource = {
  /** Name for messages: a path or a URL. */
  readonly name: string;
  /** Whether every block has to come with its certificate. */
  readonly hasCertificates: boolean;
  /** Blocks from height 1 up, without gaps, to the last one that there was when reading began. Errors: whatever the source has. */
  readonly blocks: () => AsyncIterable<SourcedBlock>;
};
