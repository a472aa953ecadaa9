/** What may be wrong with a disk while it is in use. Rates are in thousandths of the operations. */
export type DiskFaults = {
  /** A write or a synchronisation reports an error. */
  readonly errorPerMille: number;
  /** A read returns a part of another place or of another file. */
  readonly misdirectedPerMille: number;
  /** Synchronisations return without having made anything durable. */
  readonly isLying: boolean;
  /** Bytes of content that fit onto the disk. */
  readonly capacityBytes: number;
};

/** A disk that does what it promises. */
export const SOUND_DISK: DiskFaults = {
  errorPerMille: 0,
  misdirectedPerMille: 0,
  isLying: false,
  capacityBytes: Number.POSITIVE_INFINITY,
};

/** What happened on a disk, by kind. */
export const DISK_FAULT_KINDS = [
  'unsyncedLost',
  'unsyncedKept',
  'writeTorn',
  'writeZeroed',
  'writeGarbled',
  'namingLost',
  'syncLied',
  'ioError',
  'diskFull',
  'readMisdirected',
  'bitFlipped',
] as const;

/** One of `DISK_FAULT_KINDS`. */
export type DiskFaultKind = (typeof DISK_FAULT_KINDS)[number];
